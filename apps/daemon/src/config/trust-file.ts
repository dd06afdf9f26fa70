// The repository files that a person trusts: path and hash, in a file of the home. The daemon alone
// writes it.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DispatchError } from '@dispatch/contract'
import { z } from 'zod'
import type { ConfigSource } from './source.ts'

/** The trusted files. */
export type TrustFile = {
  has(source: ConfigSource): boolean
  set(source: ConfigSource, trusted: boolean): void
}

const Content = z.record(z.string(), z.string())

/** Opens the file at a path; it is read at each use. */
export const openTrustFile = (path: string): TrustFile => {
  const read = (): Record<string, string> => {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch {
      return {}
    }
    try {
      return Content.parse(JSON.parse(text))
    } catch (cause) {
      throw new DispatchError('validation', `${path} cannot be read as what dispatch wrote.`, {
        hint: `Remove ${path}, then trust anew: dispatch config trust`,
        cause,
      })
    }
  }
  return {
    has: (source) => {
      const known = read()
      return Object.hasOwn(known, source.path) && known[source.path] === source.hash
    },
    set: (source, trusted) => {
      const { [source.path]: _former, ...others } = read()
      const next = trusted ? { ...others, [source.path]: source.hash } : others
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      const fresh = `${path}.new`
      writeFileSync(fresh, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 })
      renameSync(fresh, path)
    },
  }
}
