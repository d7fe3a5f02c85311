import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** The page that is served when no UI was built; it is the only tracked file of the folder. */
const kept = 'unbuilt.html'

/** Empties the output folder before a build, except for the tracked page. */
export function cleanDist(): Plugin {
  let dir = ''
  return {
    name: 'clean-dist',
    apply: 'build',
    configResolved(config) {
      dir = join(config.root, config.build.outDir)
    },
    buildStart() {
      if (!existsSync(dir)) return
      for (const entry of readdirSync(dir)) {
        if (entry !== kept) rmSync(join(dir, entry), { recursive: true })
      }
    },
  }
}
