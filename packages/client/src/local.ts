// The ops that `dispatchd local` carries out: those that need the store or Codex and no daemon. A short
// child, its input on stdin, its answer on stdout.
import { bodyToError, DispatchError } from '@dispatch/contract/errors'
import { makeDaemonEnv } from './daemon-env.ts'
import { createDispatchClient, type DispatchClientOptions } from './dispatch-client.ts'
import { readEnvironment } from './environment.ts'
import { type DaemonCommand, type LocalAnswer, spawnLocal } from './spawn.ts'

/** Which op, with what; the signal ends the child. */
export type LocalCall = { op: string; input: unknown; signal?: AbortSignal }

// The result on stdout, or `{"error": body}` with another exit than 0.
const toResult = (answer: LocalAnswer): unknown => {
  let said: unknown
  try {
    said = JSON.parse(answer.stdout)
  } catch {
    throw new DispatchError('internal', `dispatchd local gave no answer (exit ${answer.code}).`, {
      details: { stderr: answer.stderr.slice(-4_096) },
    })
  }
  if (answer.code !== 0) throw bodyToError((said as { error?: unknown }).error)
  return said
}

/** Carries a local op out in the home of these options; throws `DispatchError`. */
export const callLocal = async (
  options: DispatchClientOptions & { daemon: DaemonCommand },
  call: LocalCall,
): Promise<unknown> => {
  const base = readEnvironment()
  const env = options.env ?? base.env
  const cwd = options.cwd ?? base.cwd
  const { paths } = createDispatchClient(options)
  const child = { daemon: options.daemon, env: makeDaemonEnv({ env, cwd }, paths), cwd }
  try {
    return toResult(await spawnLocal(child, call))
  } catch (error) {
    call.signal?.throwIfAborted()
    if (error instanceof DispatchError) throw error
    throw new DispatchError('internal', `dispatchd local could not be run: ${String(error)}`, {
      cause: error,
    })
  }
}
