// The client of programs outside this workspace: its daemon is the one of the package that it came
// with, its caller is always `client`, and it has the ops that a program can use.
import type { ApiWithout, LocalPath } from './api.ts'
import { makeApi } from './api-proxy.ts'
import type { Callable } from './calls.ts'
import { systemClock } from './clock.ts'
import { daemonCommand } from './daemon-command.ts'
import { makeDeadline, makeLate } from './deadline.ts'
import { createDispatchClient as createClient } from './dispatch-client.ts'
import { readExecPath } from './environment.ts'
import { inFieldWords } from './field-words.ts'
import { contract, version } from './program-facts.ts'
import { makeLocalOps, type ServedLocally } from './program-local.ts'
import type { TrackedEvent } from './tracked-event.ts'
import { makeUnreachable } from './unreachable.ts'

/** How a client is made; everything may be left out. */
export type DispatchClientOptions = {
  /** The home; DISPATCH_HOME, else `~/.dispatch`. */
  home?: string
  /** Environment variables, also of a daemon that is started; those of this process. */
  env?: Readonly<Record<string, string | undefined>>
  /** The caller's directory, absolute: where a lane works unless it is told otherwise; that of this process. */
  cwd?: string
  /** Whether a call starts the daemon where none runs, and replaces one of an older version; default true, but for DISPATCH_NO_AUTOSTART=1. */
  autostart?: boolean
  /** How `dispatchd` is run; the one of this package under the Node of this process. */
  daemon?: { command: string; args: readonly string[] }
  /** Milliseconds that a call may take where it says nothing else, `wait` and its like too; no limit by default. */
  timeoutMs?: number
  /** Milliseconds until a daemon that is started must listen; 60 s by default: a migration is part of a start. */
  startTimeoutMs?: number
  /** Called after a daemon was started for a call. */
  onStart?: () => void
}

/** The ops: those of the daemon, and of the others those that need no command line. */
export type DispatchApi = ApiWithout<Exclude<LocalPath, ServedLocally>>

/** The client. `await using` ends its connections; the daemon goes on. */
export type DispatchClient = Callable &
  AsyncDisposable & {
    /** The ops as typed methods: `api.list()`, `api.queue.list({ lane })`, `api.watchFollow()`. */
    readonly api: DispatchApi
    /** The home, absolute. */
    readonly home: string
    /** Ends the connections; what is open fails or ends. */
    close(): Promise<void>
  }

// Leaving goes straight through: it ends a wait for the next event.
const refusedInFieldWords = (
  events: AsyncIterableIterator<TrackedEvent>,
): AsyncIterableIterator<TrackedEvent> => {
  const iterator: AsyncIterableIterator<TrackedEvent> = {
    next: () =>
      events.next().catch((error: unknown) => {
        throw inFieldWords(error)
      }),
    return: async () => (await events.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}

/** Makes a client of the daemon of one home. Nothing is connected or started before the first call. */
export const createDispatchClient = (options: DispatchClientOptions = {}): DispatchClient => {
  const { autostart = true, daemon = daemonCommand(readExecPath()), ...rest } = options
  const base = { ...rest, caller: 'client', version, contract } as const
  const remote = createClient({ ...base, ...(autostart ? { daemon } : {}) })
  const local = makeLocalOps({ ...base, daemon })
  const ending = new AbortController()

  const callHere: Callable['call'] = async (path, _kind, ...[input, call = {}]) => {
    const { timeoutMs = options.timeoutMs } = call
    using deadline = makeDeadline(systemClock, timeoutMs, call.signal)
    const signal = AbortSignal.any([ending.signal, ...(deadline.signal ? [deadline.signal] : [])])
    signal.throwIfAborted()
    try {
      return await local.calls.get(path)?.(input, signal)
    } catch (error) {
      if (deadline.isOver() && timeoutMs !== undefined) throw makeLate(path, timeoutMs, null)
      throw error
    }
  }

  const ops: Callable = {
    async call(path, kind, ...rest) {
      const { call } = local.calls.has(path) ? { call: callHere } : remote
      try {
        return await call(path, kind, ...rest)
      } catch (error) {
        throw inFieldWords(error)
      }
    },
    subscribe(path, input, call = {}) {
      const follow = local.follows.get(path)
      const signals = [ending.signal, ...(call.signal ? [call.signal] : [])]
      const events = follow
        ? follow(input, AbortSignal.any(signals))
        : remote.subscribe(path, input, call)
      return refusedInFieldWords(events)
    },
  }

  const close = async (): Promise<void> => {
    ending.abort(makeUnreachable('lost', { message: 'The client is closed.' }))
    await remote.close()
  }

  return {
    ...ops,
    api: makeApi(ops) as DispatchApi,
    home: remote.paths.home,
    close,
    [Symbol.asyncDispose]: close,
  }
}
