import { ask, desk, isCode } from './client'
import { shell } from './shell'
import type { News } from './types'

/** How far the feed has been read: the log's sequence number, and the hints' own counter. */
export type Position = { after: number; hinted: number }

/** Whether the desk answers. `login` means that it wants to know first who asks. */
export type Connection = 'online' | 'offline' | 'login'

export type Listener = {
  news: (news: News) => void
  /** Something may have been missed: everything on the page must be asked for again. */
  gap: () => void
  connection: (state: Connection) => void
}

/** What the loop needs of the world, so that a test can be the world. */
export type World = {
  /** Asks for news; a hasty question is answered at once, also where there are none. */
  poll: (at: Position | null, hasty: boolean, signal: AbortSignal) => Promise<News>
  pause: (ms: number, signal: AbortSignal) => Promise<void>
  now: () => number
}

const firstPause = 500
const longestPause = 15_000
/** After so long a silence it is cheaper to ask anew than to be told everything. */
const longSilence = 10 * 60_000
const tooMuch = 500

/**
 * Reads the feed until the signal stops it. A failed poll is tried again with growing pauses from the same
 * position, so nothing is missed; only a desk that counts from the start again, or a long silence, is a gap.
 */
export async function follow(
  world: World,
  listener: Listener,
  signal: AbortSignal,
  from: Position | null = null,
  passed: (at: Position) => void = () => {},
): Promise<void> {
  let at = from
  let failures = 0
  let heard = world.now()
  let started = from !== null
  while (!signal.aborted) {
    try {
      const silence = world.now() - heard
      const asked: Position | null = silence > longSilence ? null : at
      // After a cut line the page must say soon that the desk is back.
      const news = await world.poll(asked, failures > 0, signal)
      if (signal.aborted) return
      const behind = at !== null && news.cursor < at.after
      at = { after: news.cursor, hinted: news.hinted }
      passed(at)
      heard = world.now()
      failures = 0
      listener.connection('online')
      if (behind || news.events.length > tooMuch || (asked === null && started)) listener.gap()
      else listener.news(news)
      started = true
    } catch (error) {
      if (signal.aborted) return
      if (isCode(error, 'login_needed')) {
        listener.connection('login')
        return
      }
      failures += 1
      // One cut line is no news; two are.
      if (failures > 1) listener.connection('offline')
      await world.pause(pauseAfter(failures), signal)
    }
  }
}

/** Half a second, doubling to fifteen, spread so that many windows do not knock at once. */
export function pauseAfter(failures: number, random: () => number = Math.random): number {
  const full = Math.min(longestPause, firstPause * 2 ** (failures - 1))
  return full / 2 + (full / 2) * random()
}

const waitSeconds = 25
const patience = 40_000

function poll(at: Position | null, hasty: boolean, signal: AbortSignal): Promise<News> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  const given = () => stop.abort()
  signal.addEventListener('abort', given, { once: true })
  const query = at ? { ...at, wait: hasty ? 0 : waitSeconds } : {}
  return ask(desk.GET('/api/events', { params: { query }, signal: stop.signal })).finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', given)
  })
}

const wakes = new Set<() => void>()

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      wakes.delete(done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    wakes.add(done)
    signal.addEventListener('abort', done, { once: true })
  })
}

/** Ends the pause between two attempts at once: somebody pressed "try now", or the network came back. */
export function knock(): void {
  for (const wake of [...wakes]) wake()
}

const world: World = { poll, pause, now: () => Date.now() }

type Told =
  | { news: News; at: Position }
  | { gap: true; at: Position }
  | { connection: Connection }
  | { at: Position }

/**
 * Follows the feed for this page. In a browser one page polls for all of them (ruling 28): it holds a lock,
 * and the others hear from it and take over when it goes. The window is alone and needs none of that.
 */
export async function startFeed(listener: Listener, signal: AbortSignal): Promise<void> {
  window.addEventListener('online', knock, { signal })
  const alone = (await shell()) !== null || !('locks' in navigator) || !('BroadcastChannel' in window)
  if (alone) return follow(world, listener, signal)
  return shareFeed(listener, signal)
}

async function shareFeed(listener: Listener, signal: AbortSignal): Promise<void> {
  const channel = new BroadcastChannel('aparte-feed')
  let at: Position | null = null
  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    if ('at' in data) at = data.at
    if ('news' in data) listener.news(data.news)
    if ('gap' in data) listener.gap()
    if ('connection' in data) listener.connection(data.connection)
  }
  signal.addEventListener('abort', () => channel.close(), { once: true })
  const tell = (told: Told) => {
    if (!signal.aborted) channel.postMessage(told)
  }
  let position: Position = { after: 0, hinted: 0 }
  const loud: Listener = {
    news: (news) => {
      tell({ news, at: position })
      listener.news(news)
    },
    gap: () => {
      tell({ gap: true, at: position })
      listener.gap()
    },
    connection: (connection) => {
      tell({ connection })
      listener.connection(connection)
    },
  }
  const lead = () =>
    follow(world, loud, signal, at, (next) => {
      position = next
    })
  const held = await navigator.locks.request('aparte-feed', { ifAvailable: true }, async (lock) => {
    if (lock) await lead()
    return lock !== null
  })
  if (held || signal.aborted) return
  // Another page leads; it is online as far as this one can tell.
  listener.connection('online')
  await navigator.locks.request('aparte-feed', { signal }, lead).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
