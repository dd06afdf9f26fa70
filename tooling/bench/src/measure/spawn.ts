// Runs programs: to their end with time and CPU taken by bash, which the kernel tells both to the
// microsecond, and for as long as they are wanted.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import type { Sample } from './pairs.ts'

/** A program that runs to its end. */
export type Program = {
  args: readonly string[]
  env: Record<string, string>
  cwd: string
  /** All of its standard input; none when absent. */
  input?: string
}

/** What a program of Node took, and what it printed. */
export type Timed = Sample & { stdout: string }

// The start of bash itself is outside of the span that it takes.
const SCRIPT = `TIMEFORMAT='%3R %3U %3S'; { time "$@" 2>&4 3>&-; } 2>&3`

/** Runs Node with arguments, times it in ms of wall and CPU; throws unless it ends with 0. */
export const timeNode = async ({ args, env, cwd, input }: Program): Promise<Timed> => {
  const child = spawn('/bin/bash', ['-c', SCRIPT, 'bash', process.execPath, ...args], {
    env,
    cwd,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit', 'pipe', 'pipe'],
  })
  child.stdin?.end(input)
  const [stdout, times, errors] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stdio[3] as Readable),
    text(child.stdio[4] as Readable),
    once(child, 'close'),
  ])
  if (child.exitCode !== 0)
    throw new Error(`${args.join(' ')} ended with ${child.exitCode}: ${errors}`)
  const [real = Number.NaN, user = Number.NaN, system = Number.NaN] = times
    .trim()
    .split(' ')
    .map(Number)
  return { value: real * 1000, cpuMs: (user + system) * 1000, stdout }
}

/** A program of this workspace that serves a socket. */
export type Server = AsyncDisposable & { pid: number }

/** Starts a program that prints a line when it serves. */
export const startServer = async (file: string, args: readonly string[]): Promise<Server> => {
  const child: ChildProcess = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const first = await Promise.race([
    once(child.stdout as Readable, 'data'),
    closed.then(() => null),
  ])
  if (first === null) throw new Error(`${file} ended before it served`)
  return {
    pid: child.pid as number,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await closed
    },
  }
}
