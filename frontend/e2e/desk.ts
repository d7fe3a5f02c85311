import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type BrowserContext, test as base, expect } from '@playwright/test'
import en from '../src/i18n/en.json' with { type: 'json' }
import fr from '../src/i18n/fr.json' with { type: 'json' }
import { recordCalls } from './openapi.ts'

const patience = 30_000

/** A sandbox: where its desk and its stage are. */
export type Sandbox = { desk: string; stage: string }

/** How the page looks in a story: the two that differ most. */
export type Look = { language: 'en' | 'fr'; scheme: 'light' | 'dark' }

/** Starts a sandbox with a temporary data folder on free ports, and waits until both of its addresses are known. */
async function startSandbox(): Promise<{ sandbox: Sandbox; stop: () => Promise<void> }> {
  const program = process.env.APARTE_BIN ?? '../build/bin/aparte-server'
  const child = spawn(program, ['sandbox', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  const found: Partial<Sandbox> = {}
  const lines = createInterface({ input: child.stdout })
  const timer = setTimeout(() => child.kill('SIGKILL'), patience)
  for await (const line of lines) {
    const [word, url] = line.split(' ')
    if (word === 'ready') found.desk = url
    if (word === 'stage') found.stage = url
    if (found.desk && found.stage) break
  }
  clearTimeout(timer)
  if (!found.desk || !found.stage) throw new Error(`the sandbox did not start: ${said.join('')}`)
  return { sandbox: { desk: found.desk, stage: found.stage }, stop: () => end(child) }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 12_000)
    child.once('exit', () => {
      clearTimeout(force)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

export const words = { en, fr }

type Fixtures = {
  say: (key: keyof typeof en, values?: Record<string, string | number>) => string
}

/** A test with a sandbox for its file, the look of its file, and the words in that look's language. */
export const test = base.extend<Fixtures, { look: Look; sandbox: Sandbox }>({
  look: [
    { language: 'en', scheme: 'light' },
    { option: true, scope: 'worker' },
  ],
  sandbox: [
    async ({ look: _ }, use) => {
      const { sandbox, stop } = await startSandbox()
      await use(sandbox)
      await stop()
    },
    { scope: 'worker' },
  ],
  context: async ({ context, look }, use) => {
    await context.addInitScript((chosen: Look) => {
      // The frames that show mail have no storage, which is as it should be.
      if (window !== window.top) return
      localStorage.setItem('aparte.language', chosen.language)
      localStorage.setItem('aparte.scheme', chosen.scheme)
    }, look)
    const strangers = recordCalls(context)
    await use(context)
    expect(strangers(), 'every call is an operation of the API document').toEqual([])
  },
  say: async ({ look }, use) => {
    await use((key, values = {}) =>
      words[look.language][key].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? '')),
    )
  },
})

export type { BrowserContext }
export { expect }
