// Starts `dispatchd`: in the background, with a pipe on which it says once how the start went, or as
// a short child that does one local op. What its answers mean is decided elsewhere.
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { isRemoved, makeFolders } from '@dispatch/contract/home-faults'

/** How `dispatchd` is run: a program and what stands before its own arguments. */
export type DaemonCommand = { command: string; args: readonly string[] }

/** How a child is started. */
export type SpawnOptions = {
  daemon: DaemonCommand
  env: Readonly<Record<string, string | undefined>>
  cwd: string
}

/** A daemon that is starting. */
export type StartingDaemon = {
  pid: number | null
  /** The first line that it wrote on fd 3; null when it ended without one. */
  firstLine: Promise<string | null>
  /** The newest of what this start wrote to its log, at most 4 KiB. */
  readLogTail(): string
  /** Lets go of it: it lives on by itself. */
  release(): void
}

const READY_FD = 3
const TAIL_BYTES = 4_096

const openLog = (file: string): { fd: number; start: number } => {
  makeFolders(dirname(file), (path) => mkdirSync(path, { mode: 0o700 }))
  const fd = openSync(file, 'a', 0o600)
  return { fd, start: statSync(file).size }
}

const readTail = (file: string, start: number): string => {
  const fd = openSync(file, 'r')
  try {
    const end = statSync(file).size
    const from = Math.max(start, end - TAIL_BYTES)
    const buffer = Buffer.alloc(Math.max(0, end - from))
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, from)).trim()
  } finally {
    closeSync(fd)
  }
}

const readFirstLine = (pipe: Readable, onError: (end: () => void) => void) =>
  new Promise<string | null>((resolve) => {
    let line = ''
    pipe.setEncoding('utf8')
    pipe.on('data', (chunk: string) => {
      line += chunk
      if (line.includes('\n')) resolve(line.slice(0, line.indexOf('\n')))
    })
    pipe.on('close', () => resolve(null))
    pipe.on('error', () => resolve(null))
    onError(() => resolve(null))
  })

/** Starts `dispatchd run` in a session of its own; its output goes to the end of `log` (0600). */
export const spawnDaemon = ({
  daemon,
  env,
  cwd,
  log,
}: SpawnOptions & { log: string }): StartingDaemon => {
  const { fd, start } = openLog(log)
  try {
    const child = spawn(daemon.command, [...daemon.args, 'run'], {
      cwd,
      env: { ...env, DISPATCH_READY_FD: String(READY_FD) },
      stdio: ['ignore', fd, fd, 'pipe'],
      detached: true,
    })
    const pipe = child.stdio[READY_FD] as Readable
    const firstLine = readFirstLine(pipe, (end) => child.once('error', end))
    return {
      pid: child.pid ?? null,
      firstLine,
      readLogTail: () => readTail(log, start),
      release() {
        child.unref()
        pipe.destroy()
      },
    }
  } finally {
    closeSync(fd)
  }
}

/** What a local op wrote, and how it ended. */
export type LocalAnswer = { stdout: string; stderr: string; code: number | null }

/** Runs `dispatchd local <op>`, its input as JSON on stdin; rejects when it cannot be started. The signal ends it. */
export const spawnLocal = async (
  { daemon, env, cwd }: SpawnOptions,
  { op, input, signal }: { op: string; input: unknown; signal?: AbortSignal },
): Promise<LocalAnswer> => {
  const child = spawn(daemon.command, [...daemon.args, 'local', op], {
    // Nobody can go into a directory that was removed; who is in it can stay.
    ...(isRemoved(cwd) ? {} : { cwd }),
    env,
    stdio: 'pipe',
    ...(signal ? { signal } : {}),
  })
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // A child that does not read its input is no fault of ours; its exit tells.
  child.stdin.on('error', () => undefined)
  child.stdin.end(JSON.stringify(input))
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
  const ended = await code
  return { stdout: await stdout, stderr: await stderr, code: ended }
}
