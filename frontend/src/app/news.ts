import type { News } from '@/api/types'

type Watcher = (news: News) => void
const watchers = new Set<Watcher>()

/** Passes news on to whoever shows notices. The cache has its own reader. */
export function tellNews(news: News): void {
  for (const watcher of watchers) watcher(news)
}

export function watchNews(watcher: Watcher): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
