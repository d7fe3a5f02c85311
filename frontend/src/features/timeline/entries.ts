import type { DeskEvent, Message } from '@/api/types'
import { byMoment } from '@/lib/dates'

/** One thing on the timeline: something said, or something that happened. */
export type Entry =
  | { is: 'message'; key: string; at: string; seq: number; message: Message }
  | { is: 'event'; key: string; at: string; seq: number; event: DeskEvent }

/** Events that a message of the customer thread already shows by itself. */
const spoken = new Set(['message.received', 'message.written', 'note.added'])
/** Events that say nothing to a reader: each message carries its own delivery. */
const silent = new Set(['delivery.sent', 'conversation.started'])

type Loaded = { messages: Message[]; events: DeskEvent[]; customer: string; complete: boolean }

/**
 * What stands on a ticket's timeline, in the order of the moment and then of the log (ruling 13). While older
 * messages are not loaded, events from before the first loaded message wait with them.
 */
export function entries({ messages, events, customer, complete }: Loaded): Entry[] {
  // The first message of a side conversation is told by its beginning.
  const begun = new Map(
    events.filter(({ kind }) => kind === 'side.opened').map((event) => [event.conversation, event.seq]),
  )
  const first = (event: DeskEvent) =>
    event.kind === 'message.written' && begun.get(event.conversation) === event.seq - 1
  const from = complete ? undefined : messages[0]?.occurred_at
  const shown = events.filter(
    (event) =>
      (from === undefined || byMoment(event.occurred_at, from) >= 0) &&
      !silent.has(event.kind) &&
      !first(event) &&
      !(spoken.has(event.kind) && event.conversation === customer),
  )
  const list: Entry[] = [
    ...messages.map(
      (message): Entry => ({
        is: 'message',
        key: message.id,
        at: message.occurred_at,
        seq: message.seq,
        message,
      }),
    ),
    ...shown.map(
      (event): Entry => ({ is: 'event', key: event.id, at: event.occurred_at, seq: event.seq, event }),
    ),
  ]
  return list.toSorted((a, b) => byMoment(a.at, b.at) || a.seq - b.seq)
}
