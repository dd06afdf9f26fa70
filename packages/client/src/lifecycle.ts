// up, down, restart: the ops on the daemon's life that a surface carries out itself.
import type {
  DownInput,
  DownResult,
  RestartInput,
  ShutdownResult,
  UpInput,
  UpResult,
} from '@dispatch/contract'
import { busyHints } from '@dispatch/contract/busy-hints'
import { DispatchError } from '@dispatch/contract/errors'
import { waitForHolder } from './autostart.ts'
import {
  createDispatchClient,
  type DispatchClient,
  type DispatchClientOptions,
} from './dispatch-client.ts'
import { type OnDrain, watchDrain } from './drain-watch.ts'
import { type DownWait, makeDownTimeout } from './down-timeout.ts'
import { readEnvironment } from './environment.ts'
import { waitUntilGone } from './gone.ts'
import { checkPrivate } from './home.ts'
import { callLocal } from './local.ts'
import type { DaemonCommand } from './spawn.ts'
import { systemClock } from './clock.ts'
import { unreachableReason } from './unreachable.ts'

/** What the lifecycle needs: how a client is made, and how `dispatchd` is run. */
export type LifecycleOptions = DispatchClientOptions & { daemon: DaemonCommand; onDrain?: OnDrain }

/** Who gives a call up. */
type Caller = { signal: AbortSignal }

/** The lifecycle ops of the port. */
export type Lifecycle = {
  up(input: UpInput, caller: Caller): Promise<UpResult>
  down(input: DownInput, caller: Caller): Promise<DownResult>
  restart(input: RestartInput, caller: Caller): Promise<UpResult>
}

const isGone = (error: unknown): boolean => {
  const reason = unreachableReason(error)
  return reason === 'absent' || reason === 'lost' || reason === 'ended'
}

// A daemon that is starting holds the home before it listens, one that ends after it has listened.
const isHeld = (error: unknown): boolean =>
  error instanceof DispatchError && error.details?.['reason'] === 'held'

// The daemon is told to end, and not that another is to follow: its hint would leave none.
const asRestartRefused = (error: unknown): unknown =>
  error instanceof DispatchError && error.code === 'lane_busy'
    ? new DispatchError(error.code, error.message, {
        hint: busyHints.restart,
        ...(error.details ? { details: error.details } : {}),
        cause: error,
      })
    : error

/** How long a daemon may hold the home and not listen: a migration is part of a start. */
const HELD_LIMIT_MS = 60_000
/** How long it is waited for before another look shows whether it still holds it. */
const HELD_LOOK_MS = 1_000

type Starting = { client: DispatchClient; wasStarted: () => boolean }

const toUpResult = async (
  { client, wasStarted }: Starting,
  signal: AbortSignal,
): Promise<UpResult> => {
  const status = await client.api.daemon.status({}, { signal })
  const { pid, version, socket, pidfile, codex, warnings } = status
  return {
    status: wasStarted() ? 'started' : 'already_running',
    pid,
    version,
    socket,
    pidfile,
    codex: codex.state,
    warnings,
  }
}

/** Makes the ops. `up` and `restart` start the daemon also where DISPATCH_NO_AUTOSTART is set: they are asked to. */
export const makeLifecycle = (options: LifecycleOptions): Lifecycle => {
  const { clock = systemClock } = options
  const base = readEnvironment()
  const env = { ...(options.env ?? base.env), DISPATCH_NO_AUTOSTART: undefined }

  const starting = (): Starting => {
    let started = false
    const client = createDispatchClient({ ...options, env, onStart: () => (started = true) })
    return { client, wasStarted: () => started }
  }

  const up = async (signal: AbortSignal): Promise<UpResult> => {
    const begun = starting()
    await using _ = begun.client
    return await toUpResult(begun, signal)
  }

  type Shutdown = { codex: boolean; drain?: boolean; force?: boolean }

  /** A call that ends daemons, and what it waits for at the moment. */
  type Ending = { signal: AbortSignal; waits: { for: DownWait } }

  const shutdownTold = async (
    { api }: DispatchClient,
    input: Shutdown,
    signal: AbortSignal,
  ): Promise<ShutdownResult> => {
    const { onDrain } = options
    const answering = api.daemon.shutdown(input, { signal, autostart: false })
    const isDrained = input.codex && input.drain === true
    using _watch = isDrained && onDrain ? watchDrain({ api, clock, onDrain }) : null
    return await answering
  }

  /** Ends a running daemon and waits for what ended with it; null where none runs. */
  const shutdown = async (input: Shutdown, { signal, waits }: Ending) => {
    await using client = createDispatchClient({ ...options, env })
    try {
      const answer = await shutdownTold(client, input, signal)
      waits.for = 'end'
      await waitUntilGone(answer.pid, clock, signal)
      if (answer.codexPid !== null) await waitUntilGone(answer.codexPid, clock, signal)
      return answer
    } catch (error) {
      if (isGone(error)) return null
      throw error
    }
  }

  const cleanUp = async (signal: AbortSignal): Promise<DownResult> => {
    const { paths } = createDispatchClient({ ...options, env })
    if (!checkPrivate(paths.home, base.uid)) {
      return { status: 'not_running', pid: null, codexPid: null, removed: [] }
    }
    return (await callLocal({ ...options, env }, { op: 'down', input: {}, signal })) as DownResult
  }

  const cleanUpUnlessHeld = async (signal: AbortSignal, until: number) => {
    try {
      return await cleanUp(signal)
    } catch (error) {
      if (!isHeld(error) || clock.monotonic() >= until) throw error
      return null
    }
  }

  const end = async (input: Shutdown, ending: Ending): Promise<DownResult> => {
    const { signal, waits } = ending
    const { paths } = createDispatchClient({ ...options, env })
    const until = clock.monotonic() + HELD_LIMIT_MS
    for (;;) {
      const ended = await shutdown(input, ending)
      if (ended) {
        return { status: 'stopped', pid: ended.pid, codexPid: ended.codexPid, removed: [] }
      }
      waits.for = 'held'
      const cleaned = await cleanUpUnlessHeld(signal, until)
      if (cleaned) return cleaned
      const waiting = { paths, environment: { ...base, env }, clock, signal }
      if (await waitForHolder(waiting, clock.monotonic() + HELD_LOOK_MS)) waits.for = 'turns'
    }
  }

  return {
    up: (_input, { signal }) => up(signal),
    async down({ drain, force, timeoutSeconds }, call) {
      const { signal, late, callOff } = makeDeadline(call.signal, timeoutSeconds)
      const waits: Ending['waits'] = { for: 'turns' }
      try {
        const flags = { ...(drain ? { drain } : {}), ...(force ? { force } : {}) }
        return await end({ codex: true, ...flags }, { signal, waits })
      } catch (error) {
        if (!late() || call.signal.aborted || timeoutSeconds === undefined) throw error
        throw makeDownTimeout(waits.for, timeoutSeconds)
      } finally {
        callOff()
      }
    },
    async restart({ codex = false, drain }, call) {
      const ending: Ending = { signal: call.signal, waits: { for: 'turns' } }
      try {
        await shutdown({ codex, ...(drain ? { drain } : {}) }, ending)
      } catch (error) {
        throw asRestartRefused(error)
      }
      const result = await up(call.signal)
      return { ...result, status: 'started' }
    },
  }

  function makeDeadline(outer: AbortSignal, seconds: number | undefined) {
    const timer = new AbortController()
    const callOff =
      seconds === undefined ? () => undefined : clock.after(seconds * 1_000, () => timer.abort())
    const signal = AbortSignal.any([outer, timer.signal])
    return { signal, late: () => timer.signal.aborted, callOff }
  }
}
