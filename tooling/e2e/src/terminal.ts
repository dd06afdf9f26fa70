// A program in a real pseudo-terminal: what a person sees and types.
import { spawn } from '@lydell/node-pty'
import { makeShowing } from './showing.ts'
import type { Program } from './spawn.ts'

/** A program in a terminal. */
export type Terminal = AsyncDisposable & {
  /** Everything that it wrote so far, escape sequences included, line ends as in a file. */
  written(): string
  /** Resolves when it has written that; throws when it ends without. */
  shows(text: string): Promise<void>
  type(keys: string): void
  /** Resolves with the exit status. */
  readonly ended: Promise<number>
}

/** Starts a program in a terminal of 100 columns. */
export const openTerminal = ({ command, args, env, cwd }: Program): Terminal => {
  const name = env['TERM'] ?? 'xterm-256color'
  const pty = spawn(command, [...args], { env, cwd, cols: 100, rows: 40, name })
  let text = ''
  const written = (): string => text.replaceAll('\r\n', '\n')
  const showing = makeShowing(written)
  pty.onData((data) => {
    text += data
    showing.changed()
  })
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      showing.end()
      resolve(exitCode)
    })
  })
  return {
    written,
    ended,
    type: (keys) => pty.write(keys),
    shows: async (wanted) => {
      const why = (shown: string) => `it ended without ${JSON.stringify(wanted)}: ${shown}`
      await showing.until((shown) => shown.includes(wanted), why)
    },
    [Symbol.asyncDispose]: async () => {
      if (!showing.isOver) pty.kill('SIGKILL')
      await ended
    },
  }
}
