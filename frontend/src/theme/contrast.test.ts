import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources } from '@/testing/source'

function tokens(scheme: 'light' | 'dark'): Record<string, string> {
  const css = readFileSync(join(import.meta.dirname, `${scheme}.css`), 'utf8')
  return Object.fromEntries([...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]))
}

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

const plain = ['canvas', 'surface', 'surface-raised', 'surface-sunken', 'surface-hover', 'surface-selected']
const tones = ['side', 'note', 'danger', 'success', 'warning', 'neutral', 'info', 'accent']

/** Every text that may stand on a surface, with the ratio that WCAG AA asks for. */
function pairs(has: (token: string) => boolean): [text: string, surface: string, ratio: number][] {
  const list: [string, string, number][] = []
  const toned = tones.map((tone) => `${tone}-surface`)
  for (const surface of [...plain, ...toned]) {
    list.push(['text', surface, 4.5], ['text-muted', surface, 4.5], ['accent-text', surface, 4.5])
  }
  for (const tone of tones) {
    for (const surface of [...plain, `${tone}-surface`]) list.push([`${tone}-text`, surface, 4.5])
    if (has(`on-${tone}`)) list.push([`on-${tone}`, tone, 4.5])
    if (has(`${tone}-hover`)) list.push([`on-${tone}`, `${tone}-hover`, 4.5])
  }
  for (const surface of plain) list.push(['line-strong', surface, 3], ['focus', surface, 3])
  list.push(['side', 'surface', 3], ['note', 'surface', 2.5])
  return list
}

describe.each(['light', 'dark'] as const)('%s scheme', (scheme) => {
  const all = tokens(scheme)
  const cases = pairs((token) => token in all)

  it.each(cases)('%s on %s reaches %d', (text, surface, ratio) => {
    const [a, b] = [all[text], all[surface]]
    expect(a, text).toBeDefined()
    expect(b, surface).toBeDefined()
    expect(contrast(a ?? '', b ?? '')).toBeGreaterThanOrEqual(ratio)
  })
})

describe('colours', () => {
  it('have the same names in both schemes', () => {
    expect(Object.keys(tokens('dark'))).toEqual(Object.keys(tokens('light')))
  })

  it('are written in the theme only', () => {
    const raw = sources(/\.(css|tsx?)$/).filter(
      ({ path, text }) =>
        !path.startsWith('theme/') &&
        /#[0-9a-f]{3,8}\b(?!['\w/?])|\b(rgb|hsl|oklch)a?\(/i.test(text.replace(/url\([^)]*\)/g, '')),
    )
    expect(raw.map(({ path }) => path)).toEqual([])
  })

  it('are computed as WCAG says', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })
})
