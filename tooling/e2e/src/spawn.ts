// Runs programs for the end-to-end tests: to their end, or for as long as a test looks at them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** How to run a program. */
export type Program = {
  command: string
  args: readonly string[]
  env: Record<string, string>
  cwd: string
  /** Given on stdin, which is closed then; without it stdin is empty. */
  input?: string
  /** Whether stdin stays open behind the input. */
  keepsInput?: boolean
}

/** What a program did. */
export type Ran = { code: number | null; stdout: string; stderr: string }

const start = ({ command, args, env, cwd }: Program): ChildProcess =>
  spawn(command, [...args], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] })

/** Runs a program to its end. */
export const run = async (program: Program): Promise<Ran> => {
  const child = start(program)
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // A program that does not read its input may close it first.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(program.input ?? '')
  await once(child, 'close')
  return { code: child.exitCode, stdout, stderr }
}

/** A running program that prints lines. */
export type Running = AsyncDisposable & {
  readonly pid: number
  /** Every line of stdout so far. */
  readonly lines: readonly string[]
  /** Everything on stderr so far. */
  errors(): string
  /** Resolves when the program has taken its whole input. */
  readonly taken: Promise<void>
  /** The first line of stdout, past or to come, that fits; throws when the program ends first. */
  line(fits: (line: string) => boolean): Promise<string>
  signal(name: NodeJS.Signals): void
  /** Resolves with the exit status. */
  readonly ended: Promise<number | null>
}

/** Starts a program and gives its lines. */
export const follow = (program: Program): Running => {
  const child = start(program)
  child.stdin?.on('error', () => undefined)
  const taken = new Promise<void>((resolve) => {
    child.stdin?.write(program.input ?? '', () => resolve())
  })
  if (!program.keepsInput) child.stdin?.end()
  const lines: string[] = []
  const waiters = new Set<() => void>()
  let rest = ''
  let errors = ''
  let over = false
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    for (const wake of [...waiters]) wake()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = once(child, 'close').then(() => {
    over = true
    for (const wake of [...waiters]) wake()
    return child.exitCode
  })
  return {
    pid: child.pid ?? 0,
    lines,
    ended,
    taken,
    errors: () => errors,
    signal: (name) => void child.kill(name),
    line: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find(fits)
          if (found === undefined && !over) return
          waiters.delete(look)
          if (found === undefined) reject(new Error(`it ended without that line: ${errors}`))
          else resolve(found)
        }
        waiters.add(look)
        look()
      }),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
