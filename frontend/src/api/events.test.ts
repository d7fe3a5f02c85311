import { describe, expect, it, vi } from 'vitest'
import { ApiError } from './client'
import { follow, type Listener, type Position, pauseAfter, type World } from './events'
import type { DeskEvent, News } from './types'

const news = (cursor: number, events: DeskEvent[] = []): News => ({ events, cursor, hints: [], hinted: 7 })
const down = new ApiError(0, 'unreachable', 'no answer')

/** A desk that answers as it is told to, and is gone after that. */
function desk(...answers: (News | Error | (() => News | Error))[]) {
  const stop = new AbortController()
  const asked: (Position | null)[] = []
  const pauses: number[] = []
  const hurried: number[] = []
  let time = 0
  const world: World = {
    poll: async (at, hasty) => {
      asked.push(at)
      if (hasty) hurried.push(asked.length)
      const next = answers.shift()
      const answer = typeof next === 'function' ? next() : next
      if (answers.length === 0) queueMicrotask(() => stop.abort())
      if (answer === undefined) throw down
      if (answer instanceof Error) throw answer
      return answer
    },
    pause: async (ms) => {
      pauses.push(ms)
    },
    now: () => time,
  }
  const said: string[] = []
  const listener: Listener = {
    news: vi.fn(),
    gap: vi.fn(),
    connection: (state) => said.at(-1) !== state && said.push(state),
  }
  const later = (ms: number) => {
    time += ms
  }
  return { world, listener, stop, asked, pauses, hurried, said, later }
}

describe('follow', () => {
  it('starts from now and goes on from each answer', async () => {
    const d = desk(news(5), news(6), news(6), news(6))
    await follow(d.world, d.listener, d.stop.signal)
    expect(d.asked.slice(0, 3)).toEqual([null, { after: 5, hinted: 7 }, { after: 6, hinted: 7 }])
    expect(d.listener.gap).not.toHaveBeenCalled()
    expect(d.said).toEqual(['online'])
  })

  it('misses nothing over a cut line: it asks from where it stood', async () => {
    const d = desk(news(5), down, down, news(8), news(8))
    await follow(d.world, d.listener, d.stop.signal)
    expect(d.asked[3]).toEqual({ after: 5, hinted: 7 })
    // The first answers after a cut are not waited for, so that the banner goes at once.
    expect(d.hurried).toEqual([3, 4])
    expect(d.said).toEqual(['online', 'offline', 'online'])
    expect(d.listener.gap).not.toHaveBeenCalled()
  })

  it('asks for everything anew when the desk counts from the start again', async () => {
    const d = desk(news(50), news(3), news(3))
    await follow(d.world, d.listener, d.stop.signal)
    expect(d.listener.gap).toHaveBeenCalledTimes(1)
  })

  it('asks for everything anew after a long silence instead of being told all of it', async () => {
    const d = desk(
      news(5),
      () => {
        d.later(11 * 60_000)
        return down
      },
      news(9000),
      news(9000),
    )
    await follow(d.world, d.listener, d.stop.signal)
    expect(d.asked[2]).toBeNull()
    expect(d.listener.gap).toHaveBeenCalledTimes(1)
  })

  it('ends where the desk wants to know who asks', async () => {
    const d = desk(new ApiError(401, 'login_needed', 'log in'), news(1))
    await follow(d.world, d.listener, d.stop.signal)
    expect(d.said).toEqual(['login'])
    expect(d.asked).toHaveLength(1)
  })
})

describe('pauseAfter', () => {
  it('doubles up to a quarter of a minute, and is spread', () => {
    expect([1, 2, 3, 9].map((failures) => pauseAfter(failures, () => 1))).toEqual([500, 1000, 2000, 15_000])
    expect(pauseAfter(9, () => 0)).toBe(7500)
  })
})
