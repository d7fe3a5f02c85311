/** Adds what was typed, one tag or several apart by commas, in lower case and each once. */
export function addTags(tags: readonly string[], typed: string): string[] {
  const added = typed
    .split(',')
    .map((tag) => tag.trim().toLowerCase().replaceAll(/\s+/g, '-'))
    .filter((tag) => tag !== '')
  return [...new Set([...tags, ...added])]
}
