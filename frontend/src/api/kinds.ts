/** What an event can say happened, as the desk's own list has it. A newer desk may know more. */
export const eventKinds = [
  'message.received',
  'message.written',
  'message.moved',
  'note.added',
  'delivery.sent',
  'delivery.failed',
  'delivery.unsure',
  'delivery.recalled',
  'delivery.reported',
  'ticket.opened',
  'ticket.status',
  'ticket.assigned',
  'ticket.priority',
  'ticket.tagged',
  'ticket.subject',
  'ticket.followed',
  'ticket.attended',
  'conversation.started',
  'side.opened',
  'side.done',
  'side.reopened',
  'side.joined',
  'side.moved',
  'event.redacted',
] as const

export type EventKind = (typeof eventKinds)[number]

export function isEventKind(kind: string): kind is EventKind {
  return (eventKinds as readonly string[]).includes(kind)
}
