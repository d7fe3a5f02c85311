type Pasted = Pick<DataTransfer, 'files' | 'types'>

/**
 * Takes files out of a paste. The window's own web view hands over an empty clipboard for a picture; there the
 * clipboard is asked directly, which a paste allows. Returns whether the paste is dealt with.
 */
export function pastedFiles(data: Pasted | null, take: (files: File[]) => void): boolean {
  const files = [...(data?.files ?? [])]
  // Office programs put a picture of a table beside its text: text wins.
  if (files.length > 0 && !data?.types.includes('text/plain') && !data?.types.includes('text/html')) {
    take(files)
    return true
  }
  if (data && data.types.length === 0) {
    void pictures().then((found) => found.length > 0 && take(found))
    return true
  }
  return false
}

async function pictures(): Promise<File[]> {
  try {
    const items = await navigator.clipboard.read()
    const found: File[] = []
    for (const item of items) {
      const type = item.types.find((one) => one.startsWith('image/'))
      if (!type) continue
      found.push(new File([await item.getType(type)], `image.${type.slice(6)}`, { type }))
    }
    return found
  } catch {
    return []
  }
}
