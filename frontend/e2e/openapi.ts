import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext } from '@playwright/test'

type Document = { paths: Record<string, Record<string, unknown>> }

function operations(): { method: string; path: RegExp }[] {
  const file = join(import.meta.dirname, '../../docs/openapi.json')
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    })),
  )
}

/** Watches what a browser asks of the desk. The answer lists the calls that the API document does not know. */
export function recordCalls(context: BrowserContext): () => string[] {
  const known = operations()
  const strangers = new Set<string>()
  context.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (!pathname.startsWith('/api/')) return
    const method = request.method()
    if (!known.some((one) => one.method === method && one.path.test(pathname)))
      strangers.add(`${method} ${pathname}`)
  })
  return () => [...strangers].sort()
}
