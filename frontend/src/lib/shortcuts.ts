import { useEffect, useRef } from 'react'

/** Every key of the application, in the order in which the list of keys shows them. */
export const shortcuts = {
  'palette.open': ['mod+K'],
  'keys.open': ['?'],
  'search.focus': ['/'],
  'go.open': ['g o'],
  'go.unassigned': ['g n'],
  'go.unsolved': ['g u'],
  'go.attention': ['g a'],
  'go.settings': ['g s'],
  'list.next': ['j', 'ArrowDown'],
  'list.previous': ['k', 'ArrowUp'],
  'list.open': ['Enter'],
  'ticket.close': ['u'],
  'ticket.reply': ['r'],
  'ticket.note': ['n'],
  'ticket.solve': ['e'],
  'ticket.take': ['m'],
  'side.new': ['c'],
  'side.list': ['Escape'],
  'side.done': ['d'],
  'composer.send': ['mod+Enter'],
} as const satisfies Record<string, readonly string[]>

export type ShortcutId = keyof typeof shortcuts

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

/** How a key is written for people: "⌘ K", "Ctrl K", "G then O". */
export function keyNames(pattern: string): string[] {
  return pattern.split(' ').flatMap((chord) =>
    chord.split('+').map((part) => {
      if (part === 'mod') return isMac ? '⌘' : 'Ctrl'
      if (part === 'ArrowDown') return '↓'
      if (part === 'ArrowUp') return '↑'
      if (part === 'Escape') return 'Esc'
      return part.length === 1 ? part.toUpperCase() : part
    }),
  )
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** Does a control of its own want this key? Enter on a button is the button's. */
function owned(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null
  if (event.key === 'Enter') return target?.closest('button, a, [role="menuitem"], [role="option"]') != null
  if (event.key.startsWith('Arrow')) {
    return (
      target?.closest(
        'hr, [data-scrolls], [role="menu"], [role="listbox"], [role="tablist"], [role="separator"], [role="radiogroup"]',
      ) != null
    )
  }
  return false
}

function chordOf(event: KeyboardEvent): string {
  const mod = event.metaKey || event.ctrlKey
  const key = event.key.length === 1 && mod ? event.key.toUpperCase() : event.key
  return mod ? `mod+${key}` : key
}

type Handler = () => void
const handlers = new Map<ShortcutId, Handler[]>()
let pending = ''
let pendingUntil = 0

function run(pattern: string): boolean {
  for (const [id, stack] of handlers) {
    const patterns: readonly string[] = shortcuts[id]
    const top = stack.at(-1)
    if (top && patterns.includes(pattern)) {
      top()
      return true
    }
  }
  return false
}

/** Whether some part of the page would act on this key now. */
export function hasKey(id: ShortcutId): boolean {
  return handlers.has(id)
}

/** Does what a key would do, for the palette. Nothing, where no part of the page has taken the key. */
export function trigger(id: ShortcutId): void {
  // After the palette has closed and given the focus back, so that what is focused now stays focused.
  setTimeout(() => handlers.get(id)?.at(-1)?.(), 250)
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return
  const chord = chordOf(event)
  const bare = !chord.startsWith('mod+')
  if (
    bare &&
    (typing(event.target) || owned(event) || document.querySelector('[role="dialog"][aria-modal="true"]'))
  )
    return
  const sequence = event.timeStamp < pendingUntil ? `${pending} ${chord}` : ''
  pendingUntil = 0
  if ((sequence && run(sequence)) || run(chord)) {
    event.preventDefault()
    return
  }
  if (bare && Object.values(shortcuts).some((list) => list[0].startsWith(`${chord} `))) {
    pending = chord
    pendingUntil = event.timeStamp + 1200
  }
}

/** Runs act while the component is mounted and its key is pressed. The component mounted last has the key. */
export function useShortcut(id: ShortcutId, act: Handler, enabled = true): void {
  const latest = useRef(act)
  latest.current = act
  // The outside system is the document's keyboard.
  useEffect(() => {
    if (!enabled) return
    const handler = () => latest.current()
    if (handlers.size === 0) document.addEventListener('keydown', onKey)
    handlers.set(id, [...(handlers.get(id) ?? []), handler])
    return () => {
      const left = (handlers.get(id) ?? []).filter((other) => other !== handler)
      if (left.length > 0) handlers.set(id, left)
      else handlers.delete(id)
      if (handlers.size === 0) document.removeEventListener('keydown', onKey)
    }
  }, [id, enabled])
}
