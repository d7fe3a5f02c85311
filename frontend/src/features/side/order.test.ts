import { describe, expect, it } from 'vitest'
import type { Conversation, Message, Ticket } from '@/api/types'
import { firstUnread, sidesOf } from './order'

const side = (id: string, state: 'open' | 'done', last_at: string) =>
  ({ id, state, last_at, kind: 'side' }) as Conversation
const message = (seq: number, direction: Message['direction']) => ({ seq, direction }) as Message

describe('side conversations', () => {
  it('stand open ones first, newest first, without the customer thread', () => {
    const ticket = {
      conversations: [
        { id: 'c', kind: 'customer' } as Conversation,
        side('a', 'done', '2026-05-03T00:00:00Z'),
        side('b', 'open', '2026-05-01T00:00:00Z'),
        side('d', 'open', '2026-05-02T00:00:00Z'),
      ],
    } as Ticket
    expect(sidesOf(ticket).map(({ id }) => id)).toEqual(['d', 'b', 'a'])
  })

  it('open at the first word from outside that this agent has not read', () => {
    const messages = [message(4, 'out'), message(7, 'in'), message(9, 'out'), message(11, 'in')]
    expect(firstUnread(messages, 4)?.seq).toBe(7)
    expect(firstUnread(messages, 8)?.seq).toBe(11)
    expect(firstUnread(messages, 11)).toBeUndefined()
  })
})
