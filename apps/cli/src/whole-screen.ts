// The process as a program of the whole screen sees it: the streams of its terminal, and how it stops as
// Ctrl-Z stops a program. Loaded by the op that needs it alone: streams cost a start some milliseconds.

/** What such a program works on. */
export type WholeScreen = {
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  /** Stops the process, and whoever runs it, until it is continued. */
  stop(): Promise<void>
  /** What is done when another process asks to stop, as `kill -TSTP` does; null: the process just stops. */
  heedStop(ask: (() => void) | null): void
}

/**
 * A job that no shell looks after cannot be stopped: the system ignores it, and nobody continues it. So
 * much running time without having been continued tells that; while it is stopped, no time goes by.
 */
const NOT_STOPPED_MS = 250

const stop = async (process: NodeJS.Process): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  process.once('SIGCONT', resolve)
  // The whole group, as the terminal does it: whoever waits for us, such as a script, stops too.
  process.kill(0, 'SIGTSTP')
  const timer = setTimeout(resolve, NOT_STOPPED_MS)
  await promise
  clearTimeout(timer)
  process.off('SIGCONT', resolve)
}

/** The terminal of a process; `onGone` is called when it is there no more. */
export const processToWholeScreen = (process: NodeJS.Process, onGone: () => void): WholeScreen => {
  // A terminal that was closed fails every write, and what fails without a listener ends the process.
  for (const stream of [process.stdin, process.stdout]) stream.on('error', onGone)
  let heeded: (() => void) | null = null
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    stop: () => stop(process),
    heedStop: (ask) => {
      if (heeded) process.off('SIGTSTP', heeded)
      heeded = ask
      if (ask) process.on('SIGTSTP', ask)
    },
  }
}
