import { describe, expect, it } from 'vitest'
import type { Delivery } from '@/api/types'
import { canRetry, type Progress, secondsLeft, summary } from './delivery'

const at = Date.UTC(2026, 4, 13, 12, 0, 0)

function delivery(state: Progress, ...states: Progress[]): Delivery {
  return {
    id: 'd1',
    state,
    due_at: new Date(at + 8_400).toISOString(),
    recipients: states.map((one, i) => ({ email: `${i}@b.example`, class: 'to', state: one })),
  }
}

describe('a delivery', () => {
  it.each([
    [delivery('sent', 'sent', 'sent'), { state: 'sent', tone: 'success', failed: 0, people: 2 }],
    [delivery('sent', 'sent', 'failed'), { state: 'failed', tone: 'danger', failed: 1, people: 2 }],
    [delivery('sent', 'delivered', 'sent'), { state: 'sent', tone: 'success', failed: 0, people: 2 }],
    [delivery('unsure', 'unsure'), { state: 'unsure', tone: 'warning', failed: 0, people: 1 }],
    [delivery('recalled', 'queued'), { state: 'recalled', tone: 'neutral', failed: 0, people: 1 }],
    [delivery('queued'), { state: 'queued', tone: 'neutral', failed: 0, people: 0 }],
  ])('is summed up by its worst recipient', (given, want) => {
    expect(summary(given)).toEqual(want)
  })

  it('can be taken back until it is due, and only while it waits', () => {
    expect(secondsLeft(delivery('queued', 'queued'), at)).toBe(9)
    expect(secondsLeft(delivery('queued', 'queued'), at + 9_000)).toBe(0)
    expect(secondsLeft(delivery('sending', 'sending'), at)).toBe(0)
  })

  it('is tried again only where something is not clear or failed', () => {
    expect(canRetry(delivery('failed', 'failed', 'sent'))).toBe(true)
    expect(canRetry(delivery('unsure', 'unsure'))).toBe(true)
    expect(canRetry(delivery('sent', 'sent'))).toBe(false)
  })
})
