// The process as the CLI sees it. `process` itself is read in main.ts alone; tests pass their own.

import type { WholeScreen } from './whole-screen.ts'

/** What a run reads and writes. */
export type Io = {
  argv: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  /** The caller's directory, absolute. */
  cwd: string
  /** The Node that runs. */
  execPath: string
  homedir(): string
  /** Whether each stream is a terminal. */
  readonly terminal: {
    readonly stdin: boolean
    readonly stdout: boolean
    readonly stderr: boolean
  }
  /** Whether stdout is a regular file. */
  readonly isFile: boolean
  /** Columns of the terminal; infinite where there is none. */
  columns: number
  /** Milliseconds since the epoch. */
  now(): number
  /** A number in [0, 1), for ids; not for secrets. */
  random(): number
  /** Aborts when the reader of stdout went away. */
  closed: AbortSignal
  /** Looks for that before anything is written, where the platform tells; undone by the function that it gives. */
  watchReader(): Promise<() => void>
  /** Writes to stdout; resolves when it may go on. Writing to a reader that is gone does nothing. */
  write(text: string): Promise<void>
  /** Writes to stderr. */
  writeError(text: string): void
  /** The bytes of stdin as they come; whoever leaves before its end destroys it. */
  stdin(): AsyncIterable<Uint8Array> & { destroy?(): void }
  /** The terminal for a program of the whole screen; `onGone` is called when it is there no more. */
  wholeScreen(onGone: () => void): Promise<WholeScreen>
  /** One line of stdin; null at its end. */
  readLine(signal: AbortSignal): Promise<string | null>
  /** Calls back on Ctrl-C, a kill or a closed terminal in place of dying; undone by the function that it returns. */
  onInterrupt(listener: () => void): () => void
  /** Calls back every `milliseconds`; undone by the function that it returns. Never keeps the process alive. */
  every(milliseconds: number, listener: () => void): () => void
}
