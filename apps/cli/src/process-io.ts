// A process as an Io: descriptors, terminals, signals. What a plain call does not need (streams,
// readline, the terminal's width) is loaded when it is used. The process is handed in by main.ts.
import { fstatSync } from 'node:fs'
import { homedir } from 'node:os'
import { currentDirectory } from '@dispatch/contract/home-faults'
import { now } from './clock.ts'
import type { Io } from './io.ts'
import { makeOutput } from './stdout.ts'

const isTerminal = (process: NodeJS.Process, descriptor: number): boolean => {
  try {
    // /dev/null is a character device too, so what looks like a terminal is asked.
    if (!fstatSync(descriptor).isCharacterDevice()) return false
  } catch {
    return false
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor)
}

const isFile = (descriptor: number): boolean => {
  try {
    return fstatSync(descriptor).isFile()
  } catch {
    return false
  }
}

// Asked when it matters: to look at one that may be a terminal loads node:tty, 1.6 ms.
const makeTerminals = (process: NodeJS.Process): Io['terminal'] => {
  const known = new Map<number, boolean>()
  const look = (descriptor: number): boolean => {
    const is = known.get(descriptor) ?? isTerminal(process, descriptor)
    known.set(descriptor, is)
    return is
  }
  return {
    get stdin() {
      return look(0)
    },
    get stdout() {
      return look(1)
    },
    get stderr() {
      return look(2)
    },
  }
}

const readLine = async (process: NodeJS.Process, signal: AbortSignal): Promise<string | null> => {
  const { createInterface } = await import('node:readline')
  const lines = createInterface({ input: process.stdin, terminal: false })
  const stop = (): void => lines.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const line of lines) return line
    return null
  } finally {
    signal.removeEventListener('abort', stop)
    lines.close()
    process.stdin.destroy()
  }
}

/** The Io of a process. */
export const processToIo = (process: NodeJS.Process): Io => {
  const stdout = makeOutput(1, () => process.stdout)
  const stderr = makeOutput(2, () => process.stderr)
  const terminal = makeTerminals(process)
  return {
    argv: process.argv.slice(2),
    env: process.env,
    // A getter: most of what the command line answers by itself needs no directory.
    get cwd() {
      return currentDirectory(process.cwd, process.env)
    },
    execPath: process.execPath,
    homedir,
    terminal,
    get isFile() {
      return isFile(1)
    },
    get columns() {
      return terminal.stdout ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY
    },
    now,
    random: Math.random,
    closed: stdout.closed,
    watchReader: async () => {
      const { watchPipeReader } = await import('./pipe-reader.ts')
      return await watchPipeReader(process, 1, stdout.gone)
    },
    write: stdout.write,
    writeError: (text) => void stderr.write(text),
    stdin: () => process.stdin,
    wholeScreen: async (onGone) => {
      const { processToWholeScreen } = await import('./whole-screen.ts')
      return processToWholeScreen(process, onGone)
    },
    readLine: (signal) => readLine(process, signal),
    onInterrupt: (listener) => {
      // A closed terminal and a plain kill end a run as Ctrl-C does: what it started is cleaned up.
      const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
      for (const name of names) process.on(name, listener)
      return () => {
        for (const name of names) process.off(name, listener)
      }
    },
    every: (milliseconds, listener) => {
      const timer = setInterval(listener, milliseconds)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}
