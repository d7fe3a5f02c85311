/** What the one script inside a mail's frame may tell us. */
export type FrameNews = { kind: 'height'; height: number } | { kind: 'link'; href: string }

const tallest = 200_000
const opened = new Set(['http:', 'https:', 'mailto:'])

/** Where a link of a mail really leads, in the words to show before it is opened. */
export type Target = { url: string; host: string; mail: boolean; disguised: boolean }

/**
 * Reads a message of a frame. The frame holds foreign mail, so nothing it says is believed beyond its shape: who
 * sent it is compared by the caller, heights are clamped, and links other than http, https and mailto are dropped.
 */
export function readFrame(data: unknown): FrameNews | null {
  if (typeof data !== 'object' || data === null) return null
  const { aparte, height, href } = data as Record<string, unknown>
  if (aparte === 'height' && typeof height === 'number' && Number.isFinite(height) && height >= 0)
    return { kind: 'height', height: Math.min(Math.ceil(height), tallest) }
  if (aparte === 'link' && typeof href === 'string' && target(href)) return { kind: 'link', href }
  return null
}

/** The real place behind a link, or null for what must never be opened. */
export function target(href: string): Target | null {
  let url: URL
  try {
    url = new URL(href)
  } catch {
    return null
  }
  if (!opened.has(url.protocol)) return null
  const mail = url.protocol === 'mailto:'
  return {
    url: url.href,
    host: mail ? decode(url.pathname) : url.host,
    mail,
    // A name before an @ or letters of another script are how a link pretends to lead somewhere else.
    disguised: !mail && (url.username !== '' || /(^|\.)xn--/.test(url.hostname)),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** How a frame shows a message: label is what the button of quoted history is called. */
export type Look = { quoted: boolean; dark: boolean; lang: string; label: string }

/** The address of a message's body as its frame asks for it. */
export function bodyPath(message: string, look: Look): string {
  const asked = new URLSearchParams({
    quoted: String(look.quoted),
    dark: String(look.dark),
    lang: look.lang,
    label: look.label,
  })
  return `/api/messages/${encodeURIComponent(message)}/body?${asked}`
}
