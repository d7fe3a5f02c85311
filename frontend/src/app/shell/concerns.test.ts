import { describe, expect, it } from 'vitest'
import type { DeskEvent, Ticket } from '@/api/types'
import { concerns, routeTo } from './concerns'

const customer = { id: 'c', kind: 'customer' }
const side = { id: 's', kind: 'side', starter: { id: 'me', name: 'Me' } }
const ticket = (assignee?: string) =>
  ({
    number: 12,
    assignee: assignee ? { id: assignee, name: assignee } : undefined,
    conversations: [customer, side],
  }) as Ticket
const came = (conversation: string, human = true) =>
  ({ kind: 'message.received', conversation, facts: { human } }) as unknown as DeskEvent
const away = { watching: true }

describe('a notice', () => {
  it('is for the assignee, and for who started the side conversation', () => {
    expect(concerns(came('c'), ticket('me'), 'me', away)?.id).toBe('c')
    expect(concerns(came('s'), ticket('other'), 'me', away)?.id).toBe('s')
    expect(concerns(came('c'), ticket('other'), 'me', away)).toBeNull()
  })

  it('is not for machines’ mail, nor for what one is looking at', () => {
    expect(concerns(came('s', false), ticket('me'), 'me', away)).toBeNull()
    expect(concerns(came('s'), ticket('me'), 'me', { number: 12, side: 's', watching: true })).toBeNull()
    expect(concerns(came('c'), ticket('me'), 'me', { number: 12, watching: true })).toBeNull()
  })

  it('comes when another conversation of the open ticket answers, or the window is in the back', () => {
    expect(concerns(came('s'), ticket('me'), 'me', { number: 12, watching: true })?.id).toBe('s')
    expect(concerns(came('s'), ticket('me'), 'me', { number: 12, side: 's', watching: false })?.id).toBe('s')
  })

  it('leads to the conversation that was answered', () => {
    expect(ticket().conversations.map((one) => routeTo(12, one))).toEqual([
      '/tickets/12',
      '/tickets/12?side=s',
    ])
  })
})
