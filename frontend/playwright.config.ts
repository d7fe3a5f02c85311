import { defineConfig } from '@playwright/test'

/** Stories in a browser, against the real program in sandbox mode. Each file has a desk of its own (e2e/desk.ts). */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/traces',
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.APARTE_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
