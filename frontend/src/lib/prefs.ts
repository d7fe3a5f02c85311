/** View preferences of this browser: the only thing kept in web storage. Text that people type never is. */
export type Prefs = {
  scheme: 'light' | 'dark' | 'auto'
  language: 'en' | 'fr' | 'auto'
  listWidth: number
  panelWidth: number
  nav: 'wide' | 'narrow' | 'auto'
  view: string
}

const defaults: Prefs = {
  scheme: 'auto',
  language: 'auto',
  listWidth: 320,
  panelWidth: 400,
  nav: 'auto',
  view: 'unsolved',
}

const name = (key: keyof Prefs) => `aparte.${key}`

function storage(): Storage | null {
  try {
    return window.localStorage
  } catch {
    // A browser may refuse storage; preferences then last as long as the page.
    return null
  }
}

export function readPref<K extends keyof Prefs>(key: K): Prefs[K] {
  const stored = storage()?.getItem(name(key)) ?? null
  if (stored === null) return defaults[key]
  if (typeof defaults[key] !== 'number') return stored as Prefs[K]
  const value = Number(stored)
  return (Number.isFinite(value) ? value : defaults[key]) as Prefs[K]
}

export function writePref<K extends keyof Prefs>(key: K, value: Prefs[K]): void {
  try {
    storage()?.setItem(name(key), String(value))
  } catch {
    // Full or refused storage loses a preference, never work.
  }
}
