import type { Delivery } from '@/api/types'

export type Progress = Delivery['state']
export type Tone = 'neutral' | 'success' | 'warning' | 'danger'

const tones: Record<Progress, Tone> = {
  queued: 'neutral',
  sending: 'neutral',
  sent: 'success',
  delivered: 'success',
  delayed: 'warning',
  failed: 'danger',
  unsure: 'warning',
  recalled: 'neutral',
}

/** What a message's chip says: one state for all, the worst of them first. */
export type Summary = { state: Progress; tone: Tone; failed: number; people: number }

const worst: Progress[] = [
  'failed',
  'unsure',
  'delayed',
  'sending',
  'queued',
  'sent',
  'delivered',
  'recalled',
]

export function summary(delivery: Delivery): Summary {
  const states = delivery.recipients.map(({ state }) => state)
  const state = worst.find((one) => states.includes(one)) ?? delivery.state
  const shown = delivery.state === 'recalled' ? 'recalled' : state
  return {
    state: shown,
    tone: tones[shown],
    failed: states.filter((one) => one === 'failed').length,
    people: states.length,
  }
}

/** Seconds in which a message can still be taken back; 0 when it is too late. */
export function secondsLeft(delivery: Delivery, now: number): number {
  if (delivery.state !== 'queued') return 0
  return Math.max(0, Math.ceil((new Date(delivery.due_at).getTime() - now) / 1000))
}

/** May a person ask for another attempt? After an unclear one only a person may (nobody gets it twice by us). */
export function canRetry(delivery: Delivery): boolean {
  return delivery.recipients.some(({ state }) => state === 'failed' || state === 'unsure')
}
