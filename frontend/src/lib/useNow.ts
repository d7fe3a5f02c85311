import { useSyncExternalStore } from 'react'

const step = 30_000
let now = new Date()
let timer: ReturnType<typeof setInterval> | undefined
const watchers = new Set<() => void>()

function tick(): void {
  now = new Date()
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  if (watchers.size === 1) {
    now = new Date()
    timer = setInterval(tick, step)
  }
  return () => {
    watchers.delete(watcher)
    if (watchers.size === 0) clearInterval(timer)
  }
}

/** The time of day, for what says "5 min ago": one clock for the whole page, every half minute. */
export function useNow(): Date {
  return useSyncExternalStore(watch, () => now)
}
