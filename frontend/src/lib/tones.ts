/** The tones that a chip can have; each is a pair of colours in the theme. */
export type Tone = 'accent' | 'danger' | 'info' | 'neutral' | 'note' | 'side' | 'success' | 'warning'

type Status = 'new' | 'open' | 'pending' | 'on-hold' | 'solved' | 'closed'

/** How urgent a status looks: what waits for us stands out, what rests does not. */
export const statusTone: Record<Status, Tone> = {
  new: 'info',
  open: 'accent',
  pending: 'warning',
  'on-hold': 'neutral',
  solved: 'success',
  closed: 'neutral',
}
