// A program in a real pseudo-terminal: what a person sees and types.
import { spawn } from '@lydell/node-pty'
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
  const waiters = new Set<() => void>()
  let text = ''
  let over = false
  const wakeAll = (): void => {
    for (const wake of [...waiters]) wake()
  }
  pty.onData((data) => {
    text += data
    wakeAll()
  })
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      over = true
      wakeAll()
      resolve(exitCode)
    })
  })
  const written = (): string => text.replaceAll('\r\n', '\n')
  return {
    written,
    ended,
    type: (keys) => pty.write(keys),
    shows: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = written().includes(wanted)
          if (!found && !over) return
          waiters.delete(look)
          if (found) resolve()
          else reject(new Error(`it ended without ${JSON.stringify(wanted)}: ${written()}`))
        }
        waiters.add(look)
        look()
      }),
    [Symbol.asyncDispose]: async () => {
      if (!over) pty.kill('SIGKILL')
      await ended
    },
  }
}
