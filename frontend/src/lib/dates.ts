const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * Which of two moments came first, as sorting wants it: negative for a. Never compare their texts: the desk
 * leaves out zeros at the end, and "21.74Z" would stand after "21.743Z".
 */
export function byMoment(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b)
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString()
}

/** A short time for lists: "now", "5 min ago", "14:03", "Mon", "3 Feb", "3 Feb 2024". */
export function shortTime(iso: string, now: Date, tag: string): string {
  const at = new Date(iso)
  const ago = now.getTime() - at.getTime()
  if (Number.isNaN(ago)) return ''
  if (ago < hour && ago > -minute) {
    const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'short' })
    return ago < minute ? relative.format(0, 'second') : relative.format(-Math.floor(ago / minute), 'minute')
  }
  if (sameDay(at, now)) return new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }).format(at)
  if (ago > 0 && ago < 6 * day) return new Intl.DateTimeFormat(tag, { weekday: 'short' }).format(at)
  const year = at.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  return new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year }).format(at)
}

/** The whole moment, for titles and for the head of a message. */
export function fullTime(iso: string, tag: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return ''
  return new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short' }).format(at)
}

/** Date and time as one reads them in a thread: "14:03" today, "3 Feb, 14:03" before. */
export function threadTime(iso: string, now: Date, tag: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return ''
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
  if (sameDay(at, now)) return new Intl.DateTimeFormat(tag, clock).format(at)
  const year = at.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  return new Intl.DateTimeFormat(tag, { ...clock, day: 'numeric', month: 'short', year }).format(at)
}
