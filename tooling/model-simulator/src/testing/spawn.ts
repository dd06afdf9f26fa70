/** Starts `codex app-server` over stdio with a clean environment; nothing of the caller's leaks in. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

export interface AppServerProcess extends AsyncDisposable {
  readonly pid: number
  readonly stdin: Writable
  readonly stdout: Readable
  /** Resolves when the process is gone and its streams are closed. */
  readonly ended: Promise<unknown>
}

export interface AppServerProcessOptions {
  binary: string
  codexHome: string
  /** After `app-server`, e.g. `--listen` and its address. */
  args?: string[]
}

export async function spawnAppServer(options: AppServerProcessOptions): Promise<AppServerProcess> {
  const { binary, codexHome, args = [] } = options
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: codexHome, CODEX_HOME: codexHome }
  const child = spawn(binary, ['app-server', ...args], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = once(child, 'close')
  await once(child, 'spawn')
  // A write into a server that has ended is told by `ended`.
  child.stdin.on('error', () => {})
  return {
    pid: child.pid ?? 0,
    stdin: child.stdin,
    stdout: child.stdout,
    ended,
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      child.kill()
      await ended
    },
  }
}
