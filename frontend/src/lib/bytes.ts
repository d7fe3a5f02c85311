const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A file's size as people read it: "812 bytes", "3.4 MB". */
export function fileSize(bytes: number, tag: string): string {
  let value = bytes
  let at = 0
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at++
  }
  return new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: units[at],
    unitDisplay: at === 0 ? 'long' : 'short',
    maximumFractionDigits: at === 0 || value >= 100 ? 0 : 1,
  }).format(value)
}
