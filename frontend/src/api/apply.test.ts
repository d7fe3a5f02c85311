import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { insertEvent, mergeHead, mergeNewest, operations } from './apply'
import { eventKinds } from './kinds'
import type { DeskEvent, Message, MessagePage, TicketPage, TicketRow } from './types'

const root = join(import.meta.dirname, '../../..')

function event(seq: number, more: Partial<DeskEvent> = {}): DeskEvent {
  const at = `2026-05-13T09:00:${String(seq).padStart(2, '0')}Z`
  return {
    seq,
    id: `e${seq}`,
    kind: 'ticket.status',
    ticket: 12,
    occurred_at: at,
    at,
    by: { kind: 'agent', agent: 'a1', name: 'Anna' },
    facts: {},
    ...more,
  }
}

const told = (more: Partial<DeskEvent>) => operations({ events: [event(1, more)], hints: [] })
const does = (more: Partial<DeskEvent>) => told(more).map((operation) => operation.do)

describe('operations', () => {
  it('know every kind of the desk', () => {
    const go = readFileSync(join(root, 'internal/desk/event.go'), 'utf8')
    const kinds = [...go.matchAll(/Kind\w+\s+Kind = "([\w.]+)"/g)].map((match) => match[1])
    expect([...eventKinds]).toEqual(kinds)
  })

  it('ask for the newest messages when somebody wrote', () => {
    expect(told({ kind: 'message.received', conversation: 'c1' })).toEqual([
      { do: 'append', event: event(1, { kind: 'message.received', conversation: 'c1' }) },
      { do: 'message', conversation: 'c1' },
      { do: 'ticket', ticket: 12 },
      { do: 'stale', what: 'sides' },
      { do: 'stale', what: 'files' },
    ])
  })

  it('leave the lists alone when a delivery merely went well', () => {
    expect(does({ kind: 'delivery.sent', conversation: 'c1' })).toEqual(['append', 'message'])
  })

  it('look at both ends of a message that moved', () => {
    const moved = told({ kind: 'message.moved', conversation: 'c2', facts: { from: 'c1', to: 'c2' } })
    const where = moved.flatMap((operation) => (operation.do === 'message' ? [operation.conversation] : []))
    expect(where).toEqual(['c2', 'c1'])
  })

  it('give a kind from a newer desk one line and a fresh ticket', () => {
    expect(does({ kind: 'ticket.teleported' })).toEqual(['append', 'ticket'])
  })

  it('do the same thing once for a burst of news', () => {
    const events = [1, 2, 3].map((seq) => event(seq, { kind: 'side.done', conversation: 'c1' }))
    const done = operations({ events, hints: [] }).map((operation) => operation.do)
    expect(done).toEqual(['append', 'ticket', 'stale', 'append', 'append'])
  })

  it('take the hints that are for everybody or for me', () => {
    const hints = ['counts', 'drafts:me', 'drafts:other', 'delivery:c9', 'unheard-of'].map((topic) => ({
      topic,
      version: 1,
    }))
    expect(operations({ events: [], hints }, 'me')).toEqual([
      { do: 'stale', what: 'views' },
      { do: 'stale', what: 'drafts' },
      { do: 'message', conversation: 'c9' },
    ])
  })

  const goldens = join(root, 'internal/wire/testdata/events')
  const files = existsSync(goldens) ? readdirSync(goldens).filter((name) => name.endsWith('.json')) : []
  it.runIf(files.length > 0)('understand every event as the desk writes it', () => {
    for (const name of files) {
      const written = JSON.parse(readFileSync(join(goldens, name), 'utf8')) as DeskEvent
      expect(eventKinds, name).toContain(written.kind)
      expect(operations({ events: [written], hints: [] }), name).not.toEqual([])
    }
  })
})

describe('insertEvent', () => {
  it('keeps the order of the moment, then of the log', () => {
    const late = event(9, { occurred_at: event(2).occurred_at })
    const seqs = [late, event(1), event(3)].reduce(insertEvent, [event(2)]).map(({ seq }) => seq)
    expect(seqs).toEqual([1, 2, 9, 3])
  })

  it('takes an event once', () => {
    expect(insertEvent([event(1)], event(1))).toEqual([event(1)])
  })
})

const row = (number: number, subject = 's') => ({ number, subject }) as TicketRow
const page = (numbers: number[], next?: string): TicketPage => ({
  tickets: numbers.map((number) => row(number)),
  next,
  seq: 1,
})
const numbers = (pages: TicketPage[]) => pages.map(({ tickets }) => tickets.map(({ number }) => number))

describe('mergeHead', () => {
  it('lifts a ticket that changed from deep in the list to its head', () => {
    const merged = mergeHead([page([9, 8], 'a'), page([7, 6], 'b')], page([6, 9], 'x'), new Set([6]))
    expect(numbers(merged)).toEqual([[6, 9, 8], [7]])
  })

  it('lets go of a ticket that changed and is no longer at the head', () => {
    const merged = mergeHead([page([9, 8], 'a'), page([7], 'b')], page([9, 8], 'x'), new Set([7]))
    expect(numbers(merged)).toEqual([[9, 8], []])
  })

  it('shows what the head now says of a ticket', () => {
    const head = { ...page([9], 'x'), tickets: [row(9, 'new words')] }
    expect(mergeHead([page([9, 8], 'a')], head, new Set())[0]?.tickets[0]?.subject).toBe('new words')
  })

  it('takes the head alone where it is the whole list or far from what was shown', () => {
    expect(numbers(mergeHead([page([9, 8])], page([9]), new Set([8])))).toEqual([[9]])
    expect(numbers(mergeHead([page([2, 1], 'a')], page([99, 98], 'x'), new Set()))).toEqual([[99, 98]])
  })
})

const message = (seq: number, preview = 'p') =>
  ({ id: `m${seq}`, seq, preview, occurred_at: event(seq).occurred_at }) as Message
const messages = (seqs: number[], more: Partial<MessagePage> = {}): MessagePage => ({
  messages: seqs.map((seq) => message(seq)),
  seq: 1,
  ...more,
})
const seqs = (pages: MessagePage[] | null) => pages?.map((p) => p.messages.map(({ seq }) => seq))

describe('mergeNewest', () => {
  it('adds what is new at the end and replaces what changed', () => {
    const newest = { ...messages([3, 4]), messages: [message(3, 'sent'), message(4)], before: 3 }
    const merged = mergeNewest([messages([1, 2]), messages([3])], newest)
    expect(seqs(merged)).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(merged?.[1]?.messages[0]?.preview).toBe('sent')
  })

  it('puts a late message where its moment is', () => {
    expect(seqs(mergeNewest([messages([1, 3])], messages([1, 2, 3])))).toEqual([[1, 2, 3]])
  })

  it('asks anew where messages between are missing', () => {
    expect(mergeNewest([messages([1, 2])], messages([8, 9], { before: 8 }))).toBeNull()
  })

  it('adds nothing below a reader who is further up', () => {
    expect(seqs(mergeNewest([messages([1, 2], { after: 2 })], messages([8, 9], { before: 8 })))).toEqual([
      [1, 2],
    ])
  })
})
