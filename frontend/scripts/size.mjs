// Measures what the first page loads: the script and style sheet of index.html and what they import at once.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = join(import.meta.dirname, '..', 'dist')
const limit = 320 * 1024
const read = (name) => readFileSync(join(dist, name))

const html = read('index.html').toString()
const waiting = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1])
const first = new Set()
for (let name = waiting.pop(); name; name = waiting.pop()) {
  if (first.has(name)) continue
  first.add(name)
  if (!name.endsWith('.js')) continue
  const text = read(name).toString()
  // Only static imports: what stands in import(…) waits until somebody needs it.
  for (const match of text.matchAll(/(?:import|from)\s*["']\.\/([^"']+\.js)["']/g))
    waiting.push(`assets/${match[1]}`)
}

let script = 0
for (const name of [...first].sort()) {
  const size = gzipSync(read(name), { level: 9 }).length
  if (name.endsWith('.js')) script += size
  console.log(`${(size / 1024).toFixed(1).padStart(8)} kB gz  ${name}`)
}
console.log(
  `${(script / 1024).toFixed(1).padStart(8)} kB gz  script of the first page (limit ${limit / 1024})`,
)
if (script > limit) process.exit(1)
