import { describe, expect, it } from 'vitest'
import type { DeskEvent, Message } from '@/api/types'
import { entries } from './entries'

const at = (second: number) => `2026-05-13T09:00:0${second}Z`
const message = (seq: number) => ({ id: `m${seq}`, seq, occurred_at: at(seq) }) as Message
const event = (seq: number, kind: string, conversation?: string) =>
  ({ id: `e${seq}`, seq, kind, conversation, occurred_at: at(seq) }) as DeskEvent

const keys = (...input: Parameters<typeof entries>) => entries(...input).map(({ key }) => key)

describe('entries', () => {
  it('interleave messages and events by their moment', () => {
    const list = keys({
      messages: [message(1), message(5)],
      events: [event(2, 'ticket.opened'), event(4, 'side.opened', 'side')],
      customer: 'thread',
      complete: true,
    })
    expect(list).toEqual(['m1', 'e2', 'e4', 'm5'])
  })

  it('say a customer message once, and a side conversation’s as a line', () => {
    const list = keys({
      messages: [message(1)],
      events: [
        event(1, 'message.received', 'thread'),
        event(2, 'message.received', 'side'),
        event(3, 'delivery.sent', 'side'),
      ],
      customer: 'thread',
      complete: true,
    })
    expect(list).toEqual(['m1', 'e2'])
  })

  it('tell the beginning of a side conversation once, with its first message', () => {
    const list = keys({
      messages: [message(1)],
      events: [
        event(2, 'side.opened', 'side'),
        event(3, 'message.written', 'side'),
        event(5, 'message.written', 'side'),
      ],
      customer: 'thread',
      complete: true,
    })
    expect(list).toEqual(['m1', 'e2', 'e5'])
  })

  it('keep what happened before the loaded messages for when they are loaded', () => {
    const events = [event(1, 'ticket.opened'), event(4, 'ticket.status')]
    const loaded = { messages: [message(3)], events, customer: 'thread' }
    expect(keys({ ...loaded, complete: false })).toEqual(['m3', 'e4'])
    expect(keys({ ...loaded, complete: true })).toEqual(['e1', 'm3', 'e4'])
  })
})
