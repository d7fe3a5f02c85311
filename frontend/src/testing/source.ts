import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')

export type Source = { path: string; text: string }

/** Every source file of the frontend, tests apart: material for the tests that judge the source itself. */
export function sources(extension: RegExp): Source[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extension.test(entry.name) && !/\.(test|gen)\./.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(root, path).startsWith('testing'))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }))
}
