import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page, test } from '@playwright/test'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Finding = { id: string; impact: string | null; nodes: { html: string; target: unknown }[] }

/** Looks at a screen as it is now: keeps a picture, and lets nobody be shut out of it. */
export async function judge(page: Page, name: string): Promise<void> {
  const file = `${test.info().titlePath[0]?.replace(/\.spec\.ts$/, '')}-${name}`
  await page.screenshot({ path: `test-results/${file}.png` })
  await page.evaluate(axe)
  const findings = await page.evaluate(async () => {
    const run = (
      window as unknown as { axe: { run: (...args: unknown[]) => Promise<{ violations: unknown[] }> } }
    ).axe
    return (await run.run(document, { iframes: false, resultTypes: ['violations'] })).violations
  })
  const grave = (findings as Finding[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
  expect(grave, `axe on ${name}`).toEqual([])
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(wider, `${name} fits its window`).toBe(false)
}
