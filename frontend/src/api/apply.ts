import { byMoment } from '@/lib/dates'
import { type EventKind, isEventKind } from './kinds'
import type { DeskEvent, Hint, MessagePage, News, TicketPage } from './types'

/** One thing to do to what the page has in its cache. `live.ts` carries these out; this file only decides. */
export type Operation =
  | { do: 'append'; event: DeskEvent }
  | { do: 'message'; conversation: string }
  | { do: 'ticket'; ticket: number }
  | { do: 'heads' }
  | { do: 'stale'; what: Topic }

/** What is asked for again as a whole. */
export type Topic =
  | 'agents'
  | 'drafts'
  | 'files'
  | 'mailboxes'
  | 'me'
  | 'quarantine'
  | 'settings'
  | 'sides'
  | 'tickets'
  | 'views'

type Rule = (event: DeskEvent) => Operation[]

const row: Rule = (event) => (event.ticket ? [{ do: 'ticket', ticket: event.ticket }] : [])
const line: Rule = (event) => (event.ticket ? [{ do: 'append', event }] : [])
const words: Rule = (event) =>
  event.conversation ? [{ do: 'message', conversation: event.conversation }] : []
const sides: Rule = () => [{ do: 'stale', what: 'sides' }]
const files: Rule = () => [{ do: 'stale', what: 'files' }]

const all =
  (...rules: Rule[]): Rule =>
  (event) =>
    rules.flatMap((rule) => rule(event))

const said = all(line, words, row, sides, files)
const delivery = all(line, words)
const ticket = all(line, row)
const side = all(line, row, sides)

function moved(event: DeskEvent): Operation[] {
  const ends = [event.facts.from, event.facts.to].filter((id) => typeof id === 'string')
  return [...said(event), ...ends.map((conversation): Operation => ({ do: 'message', conversation }))]
}

/** What each kind of event means for the cache. A kind without a rule does not compile. */
const rules: Record<EventKind, Rule> = {
  'message.received': said,
  'message.written': said,
  'message.moved': moved,
  'note.added': said,
  'delivery.sent': delivery,
  'delivery.failed': all(delivery, row),
  'delivery.unsure': all(delivery, row),
  'delivery.recalled': all(delivery, row, sides),
  'delivery.reported': all(delivery, row),
  'ticket.opened': ticket,
  'ticket.status': ticket,
  'ticket.assigned': ticket,
  'ticket.priority': ticket,
  'ticket.tagged': ticket,
  'ticket.subject': ticket,
  'ticket.followed': ticket,
  'ticket.attended': ticket,
  'conversation.started': ticket,
  'side.opened': side,
  'side.done': side,
  'side.reopened': side,
  'side.joined': side,
  'side.moved': side,
  'event.redacted': all(line, words, row),
}

/** The rule of a kind that this page does not know: one plain line, and the ticket is asked for again. */
const unknown = all(line, words, row)

type HintRule = (owner: string) => Operation[]

const hintRules: Record<string, HintRule> = {
  accounts: () => [{ do: 'stale', what: 'mailboxes' }],
  agents: () => [
    { do: 'stale', what: 'agents' },
    { do: 'stale', what: 'me' },
  ],
  counts: () => [{ do: 'stale', what: 'views' }],
  delivery: (conversation) => [{ do: 'message', conversation }],
  drafts: () => [{ do: 'stale', what: 'drafts' }],
  quarantine: () => [
    { do: 'stale', what: 'quarantine' },
    { do: 'stale', what: 'views' },
  ],
  read: () => [{ do: 'stale', what: 'tickets' }, { do: 'stale', what: 'sides' }, { do: 'heads' }],
  settings: () => [{ do: 'stale', what: 'settings' }],
}

const personal = new Set(['drafts', 'read'])

function hinted({ topic }: Hint, me: string | undefined): Operation[] {
  const [name = '', owner = ''] = topic.split(':')
  const others = personal.has(name) && me !== undefined && owner !== me
  return others ? [] : (hintRules[name]?.(owner) ?? [])
}

/** All that news means for the cache, each operation once, in the order of the log. */
export function operations(news: Pick<News, 'events' | 'hints'>, me?: string): Operation[] {
  const told = [
    ...news.events.flatMap((event) => (isEventKind(event.kind) ? rules[event.kind] : unknown)(event)),
    ...news.hints.flatMap((hint) => hinted(hint, me)),
  ]
  return [...new Map(told.map((operation) => [JSON.stringify(operation), operation])).values()]
}

/** Events in the order of a timeline, by the moment and then by the log, each once (ruling 13). */
export function insertEvent(events: DeskEvent[], event: DeskEvent): DeskEvent[] {
  if (events.some((known) => known.seq === event.seq)) return events
  const at = events.findIndex((known) => byPlace(known, event) > 0)
  return at < 0 ? [...events, event] : [...events.slice(0, at), event, ...events.slice(at)]
}

/**
 * Puts the newest page of a list over the pages that are loaded. Lists are sorted by the last change, so a
 * ticket that was touched just now and is not on the newest page has left the list.
 */
export function mergeHead(pages: TicketPage[], head: TicketPage, touched: ReadonlySet<number>): TicketPage[] {
  const [first, ...rest] = pages
  if (!first || !head.next || (rest.length === 0 && !first.next)) return [head]
  const shown = new Set(head.tickets.map((ticket) => ticket.number))
  const keep = (page: TicketPage) =>
    page.tickets.filter((ticket) => !shown.has(ticket.number) && !touched.has(ticket.number))
  const overlap = first.tickets.some((ticket) => shown.has(ticket.number))
  if (!overlap && first.tickets.length > 0) return [head]
  return [
    { ...first, tickets: [...head.tickets, ...keep(first)], seq: head.seq },
    ...rest.map((page) => ({ ...page, tickets: keep(page) })),
  ]
}

/**
 * Puts the newest page of a conversation over the pages that are loaded, or says null where messages between
 * them are missing and the whole must be asked for again.
 */
export function mergeNewest(pages: MessagePage[], newest: MessagePage): MessagePage[] | null {
  const known = new Map(newest.messages.map((message) => [message.id, message]))
  const last = pages.at(-1)
  if (!last) return [newest]
  const patched = pages.map((page) => ({
    ...page,
    messages: page.messages.map((message) => known.get(message.id) ?? message),
  }))
  // The reader is further up: newer messages are reached by scrolling down to them.
  if (last.after) return patched
  const have = new Set(pages.flatMap((page) => page.messages.map((message) => message.id)))
  const fresh = newest.messages.filter((message) => !have.has(message.id))
  const joins = fresh.length < newest.messages.length || newest.before === undefined || have.size === 0
  if (!joins) return null
  const end = patched.at(-1) ?? last
  return [
    ...patched.slice(0, -1),
    { ...end, messages: inOrder([...end.messages, ...fresh]), seq: newest.seq },
  ]
}

type Placed = { occurred_at: string; seq: number }

/** The order of a timeline, as sorting wants it: the moment, and then the log. */
function byPlace(a: Placed, b: Placed): number {
  return byMoment(a.occurred_at, b.occurred_at) || a.seq - b.seq
}

function inOrder<T extends Placed>(items: T[]): T[] {
  return items.toSorted(byPlace)
}
