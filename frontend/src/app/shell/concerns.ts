import type { Conversation, DeskEvent, Ticket } from '@/api/types'

/** Where the reader is: a ticket, one of its side conversations, and whether the page has their eyes. */
export type Place = { number?: number; side?: string; watching: boolean }

/** The conversation that a person's message came to, if it is for this agent and they are not looking at it. */
export function concerns(event: DeskEvent, ticket: Ticket, me: string, place: Place): Conversation | null {
  if (event.kind !== 'message.received' || event.facts.human === false) return null
  const conversation = ticket.conversations.find(({ id }) => id === event.conversation)
  if (!conversation) return null
  const mine = ticket.assignee?.id === me || conversation.starter?.id === me
  const shown = conversation.kind === 'customer' || place.side === conversation.id
  const seen = place.watching && place.number === ticket.number && shown
  return mine && !seen ? conversation : null
}

/** The address of a conversation inside the application. */
export function routeTo(ticket: number, conversation: Conversation): string {
  const side = conversation.kind === 'side' ? `?side=${encodeURIComponent(conversation.id)}` : ''
  return `/tickets/${ticket}${side}`
}
