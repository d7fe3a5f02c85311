/** At most two letters that stand for a name: of its first word and of its last. */
export function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean)
  const ends = words.length > 1 && !name.includes('@') ? [words[0], words.at(-1)] : words.slice(0, 1)
  return ends
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toUpperCase()
}
