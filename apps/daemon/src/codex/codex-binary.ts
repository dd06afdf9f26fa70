// Finds the Codex that is to run: named, on PATH, or installed beside us.
import { accessSync, constants, statSync } from 'node:fs'
import { nativeCodexBinary, resolveCodexBinary } from '@dispatch/codex-client/binary'
import type { Host } from '../host/host.ts'

/** Where a Codex was found, or why not. */
export type CodexSearch = { binary: string } | { missing: string }

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const onPath = (host: Host): string | undefined =>
  (host.env.PATH ?? '')
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => `${folder}/codex`)
    .find(isExecutable)

const installed = (from: string): string | undefined => {
  try {
    return resolveCodexBinary(from)
  } catch {
    return undefined
  }
}

/** How to get a Codex, for every message that misses one. */
export const codexHint =
  'Install it: npm install -g @openai/codex. Or name it: DISPATCH_CODEX=/path/to/codex. Then: dispatch restart'

/** Looks in DISPATCH_CODEX, PATH, then for an installed @openai/codex as seen from `from`. */
export const findCodex = (host: Host, from: string): CodexSearch => {
  const named = host.env.DISPATCH_CODEX
  if (named) {
    if (isExecutable(named)) return { binary: nativeCodexBinary(named) }
    return {
      missing: `The Codex that is named ([codex] bin, or DISPATCH_CODEX) is no program: ${named}`,
    }
  }
  const found = onPath(host) ?? installed(from)
  if (found) return { binary: nativeCodexBinary(found) }
  return { missing: 'no codex on PATH, and no installed @openai/codex' }
}
