// Runs a program in the terminal of the caller and waits for its end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DispatchError } from '@dispatch/contract/errors'

/** A program with its arguments and what it finds in its environment. */
export type TerminalProgram = {
  command: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  cwd: string
}

/** Gives the exit status; a signal counts as in a shell, 128 and more. */
export const runInTerminal = async ({ command, env, cwd }: TerminalProgram): Promise<number> => {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env, cwd, stdio: 'inherit' })
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 128
  } catch (cause) {
    throw new DispatchError('app_server', `${program} cannot be run.`, {
      hint: 'dispatch doctor',
      cause,
    })
  }
}
