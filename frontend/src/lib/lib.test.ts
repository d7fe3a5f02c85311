import { describe, expect, it, vi } from 'vitest'
import { byMoment, shortTime, threadTime } from './dates'
import { guardBodies } from './guards'
import { catchLinks, outside } from './links'
import { pickLocale } from './locale'

describe('pickLocale', () => {
  it.each([
    ['auto', ['fr-CA', 'en'], { language: 'fr', tag: 'fr-CA' }],
    ['auto', ['C'], { language: 'en', tag: 'en' }],
    ['auto', ['de-DE', 'fr'], { language: 'fr', tag: 'fr' }],
    ['auto', ['en_GB.UTF-8'], { language: 'en', tag: 'en-GB' }],
    ['fr', ['en-GB'], { language: 'fr', tag: 'fr' }],
    ['en', ['fr', 'en-GB'], { language: 'en', tag: 'en-GB' }],
    ['auto', ['', '???'], { language: 'en', tag: 'en' }],
  ])('%s with %j', (chosen, wanted, want) => {
    const locale = pickLocale(chosen, wanted)
    expect(locale).toEqual(want)
    expect(() => new Intl.DateTimeFormat(locale.tag)).not.toThrow()
  })
})

describe('guardBodies', () => {
  const doors = () => {
    const sent = vi.fn()
    class Request {
      send(body?: unknown) {
        sent(body)
      }
    }
    const beacon = vi.fn((_url: string | URL, _data?: unknown) => true)
    const fetched = vi.fn(async () => new Response('ok'))
    const made = {
      fetch: fetched as unknown as typeof fetch,
      XMLHttpRequest: Request as unknown as typeof XMLHttpRequest,
      navigator: { sendBeacon: beacon } as unknown as Navigator,
    }
    guardBodies(made)
    return { ...made, fetched, sent, beacon }
  }
  const form = new FormData()
  form.set('file', new Blob(['x']), 'x.txt')

  it.each([
    ['a Blob', new Blob(['x'])],
    ['a File', new File(['x'], 'x.txt')],
    ['a form with a file', form],
  ])('refuses %s at all three doors', async (_, body) => {
    const d = doors()
    await expect(d.fetch('/api/x', { method: 'POST', body })).rejects.toThrow(TypeError)
    expect(() => new d.XMLHttpRequest().send(body)).toThrow(TypeError)
    expect(() => d.navigator.sendBeacon('/api/x', body)).toThrow(TypeError)
    expect([d.fetched, d.sent, d.beacon].map((door) => door.mock.calls.length)).toEqual([0, 0, 0])
  })

  it('lets text and bytes through', async () => {
    const d = doors()
    await d.fetch('/api/x', { method: 'PUT', body: new ArrayBuffer(8) })
    new d.XMLHttpRequest().send('{}')
    expect(d.navigator.sendBeacon('/api/x', 'bye')).toBe(true)
    expect([d.fetched, d.sent, d.beacon].map((door) => door.mock.calls.length)).toEqual([1, 1, 1])
  })
})

describe('links', () => {
  const here = 'http://127.0.0.1:8080/#/tickets'

  it.each([
    ['https://example.com/a', 'https://example.com/a'],
    ['mailto:a@example.com', 'mailto:a@example.com'],
    ['#/tickets/5', null],
    ['/api/attachments/1', null],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['http://[broken', null],
  ])('%s opens %s', (href, want) => {
    expect(outside(href, here)).toBe(want)
  })

  it('are taken before the page follows them', () => {
    const open = vi.fn()
    const stop = catchLinks(document, open)
    document.body.innerHTML = '<a href="https://example.com/"><b>out</b></a><a href="#/in">in</a>'
    const click = (selector: string) =>
      document
        .querySelector(selector)
        ?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
    expect(click('b')).toBe(false)
    expect(click('a[href="#/in"]')).toBe(true)
    expect(open.mock.calls).toEqual([['https://example.com/']])
    stop()
  })
})

describe('times', () => {
  const now = new Date(2026, 4, 13, 15, 0, 0)
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString()

  it.each([
    [at(2026, 4, 13, 14, 55), '5 min ago'],
    [at(2026, 4, 13, 9, 7), '09:07'],
    [at(2026, 4, 11, 9, 7), 'Mon'],
    [at(2026, 1, 3, 9, 7), '3 Feb'],
    [at(2024, 1, 3, 9, 7), '3 Feb 2024'],
    ['nonsense', ''],
  ])('%s is short as %s', (iso, want) => {
    expect(shortTime(iso, now, 'en-GB')).toBe(want)
  })

  it('are put in order by the moment and not by their text', () => {
    const later = '2026-05-13T14:55:21.743Z'
    expect([later, '2026-05-13T14:55:21.74Z'].sort(byMoment)[1]).toBe(later)
  })

  it('name the day in a thread only where it is not today', () => {
    expect(threadTime(at(2026, 4, 13, 9, 7), now, 'en-GB')).toBe('09:07')
    expect(threadTime(at(2026, 1, 3, 9, 7), now, 'fr')).toBe('3 févr., 09:07')
  })
})
