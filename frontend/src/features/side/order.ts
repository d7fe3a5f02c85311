import type { Conversation, Message, Ticket } from '@/api/types'

/** The side conversations of a ticket: open ones first, and the newest word first among each. */
export function sidesOf(ticket: Ticket): Conversation[] {
  return ticket.conversations
    .filter(({ kind }) => kind === 'side')
    .toSorted((a, b) =>
      a.state === b.state ? (a.last_at < b.last_at ? 1 : -1) : a.state === 'open' ? -1 : 1,
    )
}

/** The first message that this agent has not read, by the log's own order. What agents wrote is never news. */
export function firstUnread(messages: Message[], readTo: number): Message | undefined {
  return messages.find(({ seq, direction }) => seq > readTo && direction === 'in')
}

/** Who takes part, as the list writes it. */
export function names(conversation: Conversation): string {
  return conversation.participants.map(({ name, email }) => name || email).join(', ')
}
