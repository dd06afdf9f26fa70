/**
 * Finds the native binary of the installed Codex package. Its JavaScript starter costs 0.3 to 1 s a
 * start and stands between a test and the process it wants to kill.
 */
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'

const triples: Record<string, string> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
}

export interface CodexBinary {
  path: string
  /** As in the package: `0.169.0`. */
  version: string
}

/** Throws where the platform has no Codex or the package is not installed. */
export function findCodexBinary(): CodexBinary {
  const system = `${platform()}-${arch()}`
  const triple = triples[system]
  if (triple === undefined) throw new Error(`there is no Codex for ${system}`)
  const here = createRequire(import.meta.url)
  const packagePath = here.resolve('@openai/codex/package.json')
  const { version } = here(packagePath) as { version: string }
  const native = createRequire(packagePath).resolve(`@openai/codex-${system}/package.json`)
  return { path: join(dirname(native), 'vendor', triple, 'bin', 'codex'), version }
}
