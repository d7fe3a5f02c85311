import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources } from './source'

/** Which rooms a room may import from. A feature is fenced by its folder's name alone. */
const allowed: Record<string, readonly string[]> = {
  app: ['app', 'features', 'api', 'ui', 'i18n', 'lib', 'theme'],
  features: ['api', 'ui', 'i18n', 'lib'],
  ui: ['ui', 'lib'],
  api: ['api', 'lib'],
  i18n: ['i18n', 'lib'],
  theme: ['theme'],
  lib: ['lib'],
  'main.tsx': ['app', 'api', 'i18n', 'lib', 'theme'],
}

function room(path: string): string {
  return path.split('/')[0] ?? ''
}

function feature(path: string): string {
  return path.split('/').slice(0, 2).join('/')
}

/** The imports of a file that break the fences, each with its reason. */
function trespasses(path: string, text: string): string[] {
  const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '')
  return targets.flatMap((target) => {
    if (!target.startsWith('.') && !target.startsWith('@/')) return []
    const to = target.startsWith('@/') ? target.slice(2) : normalize(join(dirname(path), target))
    if (to.endsWith('.css')) return []
    if (feature(to) === feature(path) && room(path) === 'features') return []
    if (room(path) === 'features' && room(to) === 'features') return [`${path}: features do not meet (${to})`]
    return allowed[room(path)]?.includes(room(to)) ? [] : [`${path}: ${room(path)} may not import ${to}`]
  })
}

describe('import zones', () => {
  it('are kept by every file', () => {
    expect(sources(/\.tsx?$/).flatMap(({ path, text }) => trespasses(path, text))).toEqual([])
  })

  it('refuse one feature inside another, and ui that knows the desk', () => {
    expect(trespasses('features/side/List.tsx', "import { x } from '@/features/timeline/x'")).toHaveLength(1)
    expect(trespasses('features/side/List.tsx', "import { x } from '../timeline/x'")).toHaveLength(1)
    expect(trespasses('ui/Chip.tsx', "import { x } from '@/api/client'")).toHaveLength(1)
    expect(trespasses('lib/dates.ts', "import { useState } from '@/i18n/i18n'")).toHaveLength(1)
    expect(trespasses('features/side/List.tsx', "import { x } from './queries'")).toEqual([])
  })

  it('leave fetch to api and the guards', () => {
    const callers = sources(/\.tsx?$/)
      .filter(({ text }) => /(?<![.\w])fetch\(/.test(text))
      .map(({ path }) => path)
    expect(callers.filter((path) => room(path) !== 'api' && path !== 'lib/guards.ts')).toEqual([])
  })

  it('keep web storage to view preferences', () => {
    const users = sources(/\.tsx?$/).filter(({ text }) =>
      /\b(localStorage|sessionStorage|indexedDB)\b/.test(text),
    )
    expect(users.map(({ path }) => path).sort()).toEqual(['lib/prefs.ts'])
  })
})
