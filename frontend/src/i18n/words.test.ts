import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { sources } from '@/testing/source'
import en from './en.json'
import fr from './fr.json'

const english: Record<string, string> = en
const french: Record<string, string> = fr

/** Words that are the same in both languages, names and abbreviations. */
const shared = new Set([
  'appearance.language.en',
  'appearance.language.fr',
  'app.name',
  'composer.cc',
  'timeline.kind.note',
  'mailbox.imap',
  'mailbox.smtp',
  'key.then',
  'agents.role.agent',
  'mailbox.tls.starttls',
])

const base = (key: string) => key.replace(/_(one|many|other)$/, '')

function used(): { keys: Set<string>; prefixes: string[] } {
  const keys = new Set<string>()
  const prefixes: string[] = []
  for (const { text } of sources(/\.tsx?$/)) {
    for (const match of text.matchAll(/'([a-z][\w-]*(?:\.[\w-]+)+)'/g)) keys.add(match[1] ?? '')
    for (const match of text.matchAll(/`([a-z][\w.-]*\.)\$\{/g)) prefixes.push(match[1] ?? '')
  }
  return { keys, prefixes }
}

const attributes = new Set([
  'title',
  'label',
  'placeholder',
  'alt',
  'description',
  'aria-label',
  'aria-description',
  'error',
])
const speaks = (text: string) => /\p{L}{2,}/u.test(text)

/** Words written into a component instead of the dictionaries. */
function literals(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && speaks(node.text)) found.push(`${path}: ${node.text.trim()}`)
    if (ts.isJsxAttribute(node) && node.initializer && attributes.has(node.name.getText())) {
      const value = ts.isStringLiteral(node.initializer) ? node.initializer.text : ''
      if (speaks(value)) found.push(`${path}: ${value}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

describe('words', () => {
  it('are sorted, so that two people adding a key do not meet', () => {
    for (const words of [english, french]) expect(Object.keys(words)).toEqual(Object.keys(words).sort())
  })

  it('exist in both languages', () => {
    const bases = (words: Record<string, string>) => [...new Set(Object.keys(words).map(base))]
    expect(bases(french)).toEqual(bases(english))
  })

  it('are all in use', () => {
    const { keys, prefixes } = used()
    const unused = [...new Set(Object.keys(english).map(base))].filter(
      (key) => !keys.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
    )
    expect(unused).toEqual([])
  })

  it('are really French in French', () => {
    const same = Object.keys(french).filter((key) => french[key] === english[key] && !shared.has(base(key)))
    expect(same).toEqual([])
    for (const text of Object.values(french)) expect(text).not.toMatch(/\w'\w/)
  })

  it('name the same values in both languages', () => {
    const holes = (text: string | undefined) =>
      [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort()
    const other = (key: string) => french[key] ?? french[`${base(key)}_other`]
    const differing = Object.keys(english).filter(
      (key) => holes(english[key]).join() !== holes(other(key)).join(),
    )
    expect(differing).toEqual([])
  })

  it('are never written into a component', () => {
    expect(sources(/\.tsx$/).flatMap(({ path, text }) => literals(path, text))).toEqual([])
  })

  it('would be found if they were', () => {
    expect(literals('x.tsx', 'const a = <p title="Hello">World</p>')).toHaveLength(2)
    expect(literals('x.tsx', 'const a = <p>{t("x.y")} · 5</p>')).toEqual([])
  })
})
