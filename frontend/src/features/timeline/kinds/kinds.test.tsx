import { screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { eventKinds } from '@/api/kinds'
import type { Conversation, DeskEvent } from '@/api/types'
import { chooseLanguage } from '@/i18n/i18n'
import { render } from '@/testing/render'
import { EventLine } from './kinds'
import { AroundContext } from './line'

const facts: Record<string, unknown> = {
  to: 'open',
  assignee: 'a2',
  tags: ['glass'],
  recipients: ['mia@carrier.example'],
  recipient: 'mia@carrier.example',
  reason: 'no such mailbox',
  state: 'failed',
  number: 13,
  address: 'mia@carrier.example',
}

function event(kind: string, more: Partial<DeskEvent> = {}): DeskEvent {
  const at = '2026-05-13T09:00:00Z'
  const by = { kind: 'agent', agent: 'a1', name: 'Anna' } as const
  return { seq: 1, id: 'e1', kind, ticket: 12, conversation: 's1', occurred_at: at, at, by, facts, ...more }
}

const side = { id: 's1', kind: 'side', subject: 'Parcel 4711' } as Conversation
const silent = new Set(['delivery.sent', 'conversation.started'])
const spoken = eventKinds.filter((kind) => !silent.has(kind))

function line(of: DeskEvent, onSide = vi.fn()) {
  const agentName = (id: string) => (id === 'a2' ? 'Hugo' : undefined)
  const around = { conversations: [side], agentName, onSide }
  return render(
    <AroundContext value={around}>
      <EventLine event={of} />
    </AroundContext>,
  )
}

describe('a line of the timeline', () => {
  afterEach(() => chooseLanguage('en'))

  it.each(spoken)('tells %s in both languages', async (kind) => {
    const english = line(event(kind)).container.textContent
    await chooseLanguage('fr')
    const french = line(event(kind)).container.textContent
    for (const words of [english, french]) {
      expect(words?.length).toBeGreaterThan(10)
      expect(words).not.toMatch(/\{\{|undefined|event\./)
    }
    expect(french).not.toBe(english)
  })

  it('says whom a ticket went to', () => {
    line(event('ticket.assigned'))
    expect(screen.getByText('Anna gave the ticket to Hugo')).toBeVisible()
  })

  it('leads to the side conversation', async () => {
    const onSide = vi.fn()
    const { person } = line(event('message.received'), onSide)
    await person.click(screen.getByRole('button', { name: 'Parcel 4711' }))
    expect(onSide).toHaveBeenCalledWith('s1')
  })

  it('says the server’s words when a message failed', () => {
    line(event('delivery.failed'))
    expect(screen.getByText(/Not delivered to mia@carrier.example: no such mailbox/)).toBeVisible()
  })

  it('shows a kind of a newer desk as one plain line', () => {
    line(event('ticket.teleported'))
    expect(screen.getByText('Anna: ticket.teleported')).toBeVisible()
  })
})
