// Finds the native Codex executable behind the npm package. The package's `bin/codex.js` is a Node
// program that only looks this path up and becomes it: going straight there saves a Node start
// (200 to 700 ms on a busy machine), and where Node has no execve the shim would stay as a second
// process whose pid is not the server's. Which binary is used is the caller's choice.
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'

import { CodexBinaryError } from './errors.ts'

const TARGETS: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
}

/**
 * The native executable of the `@openai/codex` package that the module at `from` (an absolute path)
 * would import. Throws {@link CodexBinaryError} when the package or its platform part is missing.
 */
export function resolveCodexBinary(from: string): string {
  let shim: string
  try {
    shim = createRequire(from).resolve('@openai/codex/bin/codex.js')
  } catch (cause) {
    throw new CodexBinaryError('the package @openai/codex is not installed here', { cause })
  }
  const native = nativeOf(realpathSync(shim))
  if (native === undefined) {
    throw new CodexBinaryError(`@openai/codex has no executable for ${platform()}-${arch()} here`)
  }
  return native
}

/**
 * The native executable behind `command` (an absolute path) when that is the npm package's shim or
 * a link to it; otherwise `command` itself.
 */
export function nativeCodexBinary(command: string): string {
  const real = realpathSync(command)
  return (real.endsWith('/@openai/codex/bin/codex.js') ? nativeOf(real) : undefined) ?? command
}

/** What the shim itself looks for: the platform package first, its own vendor folder second. */
function nativeOf(shim: string): string | undefined {
  const key = `${platform()}-${arch()}`
  const target = TARGETS[key]
  if (target === undefined) return undefined
  let root = dirname(dirname(shim))
  try {
    root = dirname(createRequire(shim).resolve(`@openai/codex-${key}/package.json`))
  } catch {
    // Without the platform package only the package's own vendor folder is left.
  }
  const binary = join(root, 'vendor', target, 'bin', 'codex')
  return existsSync(binary) ? binary : undefined
}
