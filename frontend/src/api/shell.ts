/** What only the desktop window can do. In a browser `/shell/about` answers 404 and the page does it itself. */
export type ShellAbout = { version?: string; platform?: string }

let asked: Promise<ShellAbout | null> | undefined

async function ask(): Promise<ShellAbout | null> {
  try {
    const answer = await fetch('/shell/about', { headers: { accept: 'application/json' } })
    const isJson = answer.headers.get('content-type')?.includes('json')
    return answer.ok && isJson ? ((await answer.json()) as ShellAbout) : null
  } catch {
    return null
  }
}

/** The window around this page, or null in a browser. Asked once. */
export function shell(): Promise<ShellAbout | null> {
  asked ??= ask()
  return asked
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** Opens an outside address in the system's browser. */
export async function openOutside(url: string): Promise<void> {
  if (await shell()) await post('/shell/open', { url })
  else window.open(url, '_blank', 'noopener,noreferrer')
}

/** Saves what the desk serves at path: by the system's dialog in the window, by a download in a browser. */
export async function save(path: string, name: string): Promise<void> {
  if (await shell()) {
    await post('/shell/save', { path, name })
    return
  }
  const link = document.createElement('a')
  link.href = path
  link.download = name
  link.click()
}

/** Shows a notification of the desktop; pressing it brings the window to route. Nothing in a browser. */
export async function notifyDesktop(title: string, body: string, route: string): Promise<void> {
  if (await shell()) await post('/shell/notify', { title, body, route })
}

/** Sets the number on the application's icon. Nothing in a browser. */
export async function setBadge(count: number): Promise<void> {
  if (await shell()) await post('/shell/badge', { count })
}

const clickWait = 25
const clickPatience = 40_000
const clickPause = 2_000

/** Follows what was pressed outside the page, a notification or a second start, until the signal ends it. */
export async function followClicks(go: (route: string) => void, signal: AbortSignal): Promise<void> {
  if (!(await shell())) return
  while (!signal.aborted) {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), clickPatience)
    try {
      const answer = await fetch(`/shell/clicks?wait=${clickWait}`, { signal: stop.signal })
      const { route } = answer.ok ? ((await answer.json()) as { route?: string }) : {}
      if (signal.aborted) return
      if (route) go(route)
      if (!answer.ok) await new Promise((resolve) => setTimeout(resolve, clickPause))
    } catch {
      await new Promise((resolve) => setTimeout(resolve, clickPause))
    } finally {
      clearTimeout(timer)
    }
  }
}
