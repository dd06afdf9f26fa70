// Runs the program that tells a person something, and never lets it stay.
import { spawn } from 'node:child_process'
import type { Clock } from '../clock/clock.ts'
import type { Host } from '../host/host.ts'

/** What a program is run with. */
export type Running = {
  command: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  /** Its input. */
  input: string
  /** It is killed after that. */
  limitMs: number
  /** It is killed when that aborts. */
  signal: AbortSignal
  clock: Pick<Clock, 'at' | 'monotonic'>
  kill: Host['kill']
}

/** How it ended; `status` is null where it was killed or could not be started. */
export type Ran = { status: number | null; said: string; ms: number }

const SAID_MAX = 2_000

/** Runs it; resolves always. */
export const runProgram = (running: Running): Promise<Ran> =>
  new Promise((resolve) => {
    const { clock, limitMs, signal } = running
    const [program = '', ...args] = running.command
    const start = clock.monotonic()
    let said = ''
    const end = (status: number | null, why?: string): void => {
      timer[Symbol.dispose]()
      signal.removeEventListener('abort', kill)
      resolve({ status, said: why ?? said.trim(), ms: Math.round(clock.monotonic() - start) })
    }
    const child = spawn(program, args, {
      env: running.env,
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    })
    // With whatever it has started.
    const kill = (): void => {
      try {
        if (child.pid !== undefined) running.kill(-child.pid, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    }
    let late = false
    const timer = clock.at(limitMs, () => {
      late = true
      kill()
    })
    signal.addEventListener('abort', kill)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, SAID_MAX)
    })
    child.on('error', ({ message }) => end(null, message))
    child.on('close', (status) => {
      end(status, late ? `It did not end within ${limitMs / 1_000} seconds.` : undefined)
    })
    // One that reads nothing has ended before it was written.
    child.stdin.on('error', () => undefined)
    child.stdin.end(running.input)
  })
