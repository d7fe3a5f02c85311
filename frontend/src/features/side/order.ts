import type { Conversation, Message, Ticket } from '@/api/types'
import { byMoment } from '@/lib/dates'

/** The side conversations of a ticket: open ones first, and the newest word first among each. */
export function sidesOf(ticket: Ticket): Conversation[] {
  return ticket.conversations
    .filter(({ kind }) => kind === 'side')
    .toSorted((a, b) => (a.state === b.state ? byMoment(b.last_at, a.last_at) : a.state === 'open' ? -1 : 1))
}

/** The first message that this agent has not read, by the log's own order. What agents wrote is never news. */
export function firstUnread(messages: Message[], readTo: number): Message | undefined {
  return messages.find(({ seq, direction }) => seq > readTo && direction === 'in')
}

/** Who takes part, as the list writes it. */
export function names(conversation: Conversation): string {
  return conversation.participants.map(({ name, email }) => name || email).join(', ')
}
