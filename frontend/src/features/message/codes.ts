/** The codes that the desk gives as reasons and that have words of their own; others are shown as they are. */
const reasons = [
  'answers_our_id',
  'cites_our_id',
  'known_id',
  'nothing_known',
  'old_token',
  'person_decided',
  'signed_id',
  'thread_index',
  'token',
] as const

const flags = [
  'belongs_to_side',
  'customer_in_side',
  'from_an_agent',
  'mixed_thread',
  'no_sender',
  'not_a_participant',
  'sender_check_failed',
] as const

export type Reason = (typeof reasons)[number]
export type Flag = (typeof flags)[number]

export function knownReason(code: string): Reason | null {
  return reasons.find((one) => one === code) ?? null
}

export function knownFlag(code: string): Flag | null {
  return flags.find((one) => one === code) ?? null
}
