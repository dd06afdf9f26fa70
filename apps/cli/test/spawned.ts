// Runs the bin as a child process, from the sources, in an environment of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/dispatch.mjs', import.meta.url))

/** How a child ended and what it wrote. */
export type Ended = {
  status: number | null
  signal: NodeJS.Signals | null
  out: Buffer
  err: string
}

/** What a child is started with. */
export type SpawnOptions = { home: string; env?: Record<string, string>; input?: string }

/** Starts dispatch; nothing of this process's own home or Codex is in its environment. */
export const startDispatch = (argv: readonly string[], options: SpawnOptions): ChildProcess =>
  spawn(process.execPath, [bin, ...argv], {
    stdio: 'pipe',
    env: {
      PATH: process.env.PATH,
      HOME: options.home,
      DISPATCH_HOME: `${options.home}/dispatch`,
      CODEX_HOME: `${options.home}/codex`,
      DISPATCH_NO_AUTOSTART: '1',
      ...options.env,
    },
  })

/** Collects a child until it has ended. */
export const ended = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const out: Buffer[] = []
    let err = ''
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, out: Buffer.concat(out), err }))
  })

/** Runs dispatch to its end. */
export const dispatch = async (argv: readonly string[], options: SpawnOptions): Promise<Ended> => {
  const child = startDispatch(argv, options)
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(options.input ?? '')
  return ended(child)
}
