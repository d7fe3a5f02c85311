const opened = new Set(['http:', 'https:', 'mailto:'])

/** The address to hand to the system's browser, or null for what may not leave the page. */
export function outside(href: string, here: string): string | null {
  let url: URL
  try {
    url = new URL(href, here)
  } catch {
    return null
  }
  if (!opened.has(url.protocol)) return null
  return url.protocol !== 'mailto:' && url.origin === new URL(here).origin ? null : url.href
}

/**
 * Takes every click on an outside link before the page sees it: in the window such a click would replace the
 * application by an error page. Also refuses files dropped beside a drop zone, which would do the same.
 */
export function catchLinks(page: Document, open: (url: string) => void): () => void {
  const onClick = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null
    const url = link && outside(link.getAttribute('href') ?? '', page.location.href)
    if (!url) return
    event.preventDefault()
    open(url)
  }
  const refuse = (event: DragEvent) => event.preventDefault()
  page.addEventListener('click', onClick, true)
  page.addEventListener('auxclick', onClick, true)
  page.addEventListener('dragover', refuse)
  page.addEventListener('drop', refuse)
  return () => {
    page.removeEventListener('click', onClick, true)
    page.removeEventListener('auxclick', onClick, true)
    page.removeEventListener('dragover', refuse)
    page.removeEventListener('drop', refuse)
  }
}
