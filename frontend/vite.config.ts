import { fileURLToPath, URL } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { cleanDist } from './scripts/clean-dist.ts'

const desk = process.env.APARTE_DEV_DESK ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), cleanDist()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': desk, '/shell': desk } },
  build: {
    outDir: 'dist',
    // The placeholder page is tracked in git and must outlive every build.
    emptyOutDir: false,
    target: ['chrome111', 'safari16.4', 'firefox114'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 15_000,
  },
})
