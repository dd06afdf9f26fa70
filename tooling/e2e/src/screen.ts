// A program in a real pseudo-terminal, behind it a terminal that is emulated: what stands on the screen
// now, for programs that draw on the whole of it.
import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { makeShowing } from './showing.ts'
import type { Program } from './spawn.ts'

/** Columns and rows. */
export type ScreenSize = { columns: number; rows: number }

/** Something that was written, escape sequences included, and when: milliseconds since the start. */
export type Write = { at: number; text: string }

/** A program on a screen. */
export type Screen = AsyncDisposable & {
  readonly pid: number
  /** The rows that stand there, their ends trimmed. */
  rows(): string[]
  /** Whether it is the screen that a program gives back when it leaves. */
  isAlternate(): boolean
  /** Everything that was written, escape sequences included. */
  written(): string
  /** The same, write by write. */
  writes(): readonly Write[]
  /** Resolves with the rows when they fit; throws with them when the program ends without. */
  shows(fits: (text: string) => boolean): Promise<string>
  type(keys: string): void
  resize(size: ScreenSize): void
  signal(name: NodeJS.Signals): void
  /** Resolves with the exit status when all that was written stands there. */
  readonly ended: Promise<number>
}

/** Starts a program on a screen of that size. */
export const openScreen = (
  { command, args, env, cwd }: Program,
  { columns, rows }: ScreenSize,
): Screen => {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const pty = spawn(command, [...args], {
    ...{ env, cwd, cols: columns, rows },
    name: 'xterm-256color',
  })
  const writes: Write[] = []
  const start = performance.now()
  const shown = (): string[] => {
    const { active } = terminal.buffer
    return Array.from(
      { length: terminal.rows },
      (_, at) => active.getLine(active.viewportY + at)?.translateToString(true) ?? '',
    )
  }
  const showing = makeShowing(() => shown().join('\n'))
  pty.onData((data) => {
    writes.push({ at: performance.now() - start, text: data })
    terminal.write(data, showing.changed)
  })
  // What the terminal answers, such as where its cursor is.
  terminal.onData((data) => pty.write(data))
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      terminal.write('', () => {
        showing.end()
        resolve(exitCode)
      })
    })
  })
  return {
    pid: pty.pid,
    rows: shown,
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    written: () => writes.map(({ text }) => text).join(''),
    writes: () => writes,
    type: (keys) => pty.write(keys),
    resize: (size) => {
      terminal.resize(size.columns, size.rows)
      pty.resize(size.columns, size.rows)
    },
    signal: (name) => pty.kill(name),
    ended,
    shows: (fits) => showing.until(fits, (now) => `it ended, and shows:\n${now}`),
    [Symbol.asyncDispose]: async () => {
      if (!showing.isOver) pty.kill('SIGKILL')
      await ended
      terminal.dispose()
    },
  }
}
