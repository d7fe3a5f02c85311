type Numbered = { number: number }

/** The index to go to from the selected ticket: where nothing of the list is selected, the end one comes from. */
export function neighbour(rows: readonly Numbered[], selected: number | undefined, by: 1 | -1): number {
  const at = rows.findIndex((row) => row.number === selected)
  if (at < 0) return by > 0 ? 0 : rows.length - 1
  return Math.min(rows.length - 1, Math.max(0, at + by))
}
