import { useSyncExternalStore } from 'react'
import type { Connection } from '@/api/events'

let state: Connection | 'starting' = 'starting'
const watchers = new Set<() => void>()

export function setConnection(next: Connection | 'starting'): void {
  if (next === state) return
  state = next
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** Whether the desk answers, as the feed has it. */
export function useConnection(): Connection | 'starting' {
  return useSyncExternalStore(watch, () => state)
}
