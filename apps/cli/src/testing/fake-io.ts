// An Io in memory, for tests.
import type { Io } from '../io.ts'

/** What a test gives: whatever is left out is a pipe, empty, or the root directory. */
export type FakeIoOptions = {
  argv?: readonly string[]
  env?: Record<string, string>
  cwd?: string
  terminal?: boolean
  /** Whether stdout is a regular file. */
  isFile?: boolean
  columns?: number
  stdin?: string | Uint8Array
  lines?: string[]
}

/** An Io and what was written to it. */
export type FakeIo = Io & {
  readonly out: string
  readonly err: string
  /** Plays Ctrl-C. */
  interrupt(): void
  /** Lets the reader of stdout go away. */
  close(): void
}

/** Makes an Io that keeps what is written. */
export const makeFakeIo = (options: FakeIoOptions = {}): FakeIo => {
  const isTerminal = options.terminal ?? false
  const closed = new AbortController()
  const interrupts = new Set<() => void>()
  const lines = [...(options.lines ?? [])]
  let out = ''
  let err = ''
  return {
    argv: options.argv ?? [],
    env: options.env ?? {},
    cwd: options.cwd ?? '/work',
    execPath: '/usr/bin/node',
    homedir: () => '/home/me',
    terminal: { stdin: isTerminal, stdout: isTerminal, stderr: isTerminal },
    isFile: options.isFile ?? false,
    columns: options.columns ?? (isTerminal ? 80 : Number.POSITIVE_INFINITY),
    now: () => Date.parse('2026-03-01T12:00:00.000Z'),
    random: () => 0.5,
    closed: closed.signal,
    watchReader: async () => () => undefined,
    write: async (text) => void (out += text),
    writeError: (text) => void (err += text),
    async *stdin() {
      const bytes = options.stdin ?? ''
      yield typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
    },
    wholeScreen: async () => {
      throw new Error('a fake has no screen')
    },
    readLine: async () => lines.shift() ?? null,
    onInterrupt: (listener) => {
      interrupts.add(listener)
      return () => interrupts.delete(listener)
    },
    every: () => () => undefined,
    get out() {
      return out
    },
    get err() {
      return err
    },
    interrupt: () => {
      for (const listener of interrupts) listener()
    },
    close: () => closed.abort(),
  }
}
