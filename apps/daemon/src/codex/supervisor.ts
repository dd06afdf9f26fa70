// Keeps this home connected to an app-server for as long as the daemon lives.
//
//   starting -> ready -> reconnecting -> ready ...        a server, or its connection, was lost
//                     -> unavailable  -> ready ...        no Codex, or it does not start
//   any      -> stopped                                   the daemon ends
//
// Owns when a server is got, found dead, replaced and ended. How is owned by server.ts (own),
// shared-server.ts (Codex's own, which is joined and left and nothing else) and child-server.ts (stdio).
import { type CodexStatus, DispatchError } from '@dispatch/contract'
import { backoffMs } from './backoff.ts'
import type { CodexLink, LinkListener } from './codex-link.ts'
import { watchActivity } from './activity.ts'
import { watchLiveness } from './liveness.ts'
import { obtainChild } from './child-server.ts'
import type { ConnectedServer, Obtain, ServerOptions } from './connected-server.ts'
import { type InstalledOptions, makeInstalledCodex } from './installed-codex.ts'
import { makeLinkState } from './link-state.ts'
import { isAlive } from './process-identity.ts'
import { endRecorded, obtainOwn } from './server.ts'
import { obtainShared } from './shared-server.ts'

/** Everything that supervision needs. */
export type SupervisorOptions = ServerOptions &
  InstalledOptions & {
    listener: LinkListener
    random: () => number
  }

const READY_WAIT_MS = 20_000
/** A server that ran this long was well: the next start does not wait. */
const WELL_MS = 10_000
/** From this try on the pause stays the same: 2 to 4 s. */
const LOOKS_MAX = 5

/** Why one is lost that was ended because it did not answer. */
const SILENT = 'it did not answer, and was replaced'

type Connection = CodexStatus['connection']

const ways: Record<Connection, Obtain> = {
  own: obtainOwn,
  shared: obtainShared,
  stdio: obtainChild,
}

/** Starts supervision at once. Disposing lets the server live on. */
export const makeSupervisor = (options: SupervisorOptions): CodexLink & AsyncDisposable => {
  const { clock, connection, host, listener, log } = options
  const state = makeLinkState(clock)
  const installed = makeInstalledCodex(options)
  let connected: ConnectedServer | null = null
  let stopping = false
  let wake: () => void = () => {}

  // A server that is not ours is as old as its owner likes.
  const isStale = (): boolean =>
    connected !== null &&
    connection !== 'shared' &&
    installed.differsFrom(connected.client.server.version)

  const endConnected = async (): Promise<void> => {
    await connected?.kill()
  }

  const replaceStale = async (): Promise<void> => {
    try {
      await installed.look()
      if (stopping || !isStale() || listener.hasOpenWork()) return
      // A call on its way, such as the start of a turn, is work that no lane shows yet.
      if (connected?.client.stats().open) return
      log.info('codex.replaced', { version: connected?.client.server.version ?? null })
      await endConnected()
    } catch (error) {
      // The server that runs goes on; the next start says what is wrong.
      log.warn('codex.lookup-failed', { error })
    }
  }

  const serveOne = async (): Promise<number> => {
    await installed.look()
    const server = await ways[connection](options, installed.binary())
    if (stopping) {
      await server.release()
      return 0
    }
    connected = server
    if (!server.joined) installed.started(server.client.server.version)
    const pid = server.process?.pid ?? null
    const since = clock.monotonic()
    let isSilent = false
    using _liveness = watchLiveness(clock, {
      client: server.client,
      watchActivity: () => watchActivity(pid),
      // A call without an answer is work, too.
      hasOpenWork: () => listener.hasOpenWork() || server.client.stats().open > 0,
      dead: () => {
        log.warn('codex.silent', { pid })
        isSilent = true
        void server.kill()
      },
    })
    log.info('codex.ready', { pid, joined: server.joined })
    const end = await joinedUntilClosed(server)
    if (stopping) return 0
    // A server that is being killed closes its connection a little before it is gone.
    const dead = await settledDeath(server)
    log.warn('codex.lost', { pid, dead })
    listener.lost({ dead, reason: isSilent ? SILENT : end.detail })
    return clock.monotonic() - since
  }

  const joinedUntilClosed = async (server: ConnectedServer) => {
    try {
      listener.joined({ client: server.client, fresh: !server.joined })
      state.become('ready', null)
      const end = await server.client.closed
      // At once: whoever asks for a client now waits for the next one.
      if (!stopping) state.become('reconnecting', end.detail)
      return end
    } finally {
      connected = null
      await server.release()
    }
  }

  // One that does not say which process it is may live on.
  const settledDeath = async ({ process }: ConnectedServer): Promise<boolean> => {
    if (process === null) return false
    const deadline = clock.monotonic() + 500
    while (isAlive(host, process) && clock.monotonic() < deadline) {
      await new Promise<void>((resolve) => clock.at(10, resolve))
    }
    return !isAlive(host, process)
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.at(ms, () => resolve())
      wake = () => {
        timer[Symbol.dispose]()
        resolve()
      }
    })

  // To look for a server that others start costs nothing: it is looked for every few seconds.
  const tries = (attempt: number): number =>
    connection === 'shared' ? Math.min(attempt, LOOKS_MAX) : attempt

  const supervise = async (): Promise<void> => {
    for (let attempt = 0; !stopping;) {
      try {
        const ranMs = await serveOne()
        attempt = ranMs >= WELL_MS ? 0 : attempt + 1
      } catch (error) {
        attempt += 1
        const message = error instanceof Error ? error.message : String(error)
        // The same again is no news, however often it is tried.
        if (message !== state.problem()) log.error('codex.unavailable', { attempt, error: message })
        state.become('unavailable', message)
      }
      if (!stopping)
        await pause(
          backoffMs(
            attempt === 1 && state.now() === 'reconnecting' ? 0 : tries(attempt),
            options.random,
          ),
        )
    }
  }

  const unavailable = (): DispatchError =>
    new DispatchError('app_server', `Codex is not available: ${state.problem() ?? state.now()}`, {
      hint:
        connection === 'shared'
          ? 'Open Codex: with connection = "shared" its own App Server is used and never started here.'
          : installed.binary() === null
            ? installed.hint()
            : `dispatch daemon logs; the log of Codex: ${options.logFile}`,
      details: { state: state.now() },
    })

  const client = async (signal?: AbortSignal) => {
    const deadline = clock.monotonic() + READY_WAIT_MS
    while (state.isPending()) {
      const left = deadline - clock.monotonic()
      if (left <= 0) break
      await state.changed(left, signal)
      signal?.throwIfAborted()
    }
    if (!connected || state.now() !== 'ready') throw unavailable()
    return connected.client
  }

  // The server lives on; what is being started is waited for, so that nothing is left half done.
  const leave = async (): Promise<void> => {
    stopping = true
    wake()
    state.become('stopped', null)
    await connected?.release()
    await running
  }

  const end = async (): Promise<number | null> => {
    await leave()
    return connection === 'shared' ? null : await endRecorded(options)
  }

  const running = supervise()

  return {
    client,
    end,
    current: () => (state.now() === 'ready' ? (connected?.client ?? null) : null),
    instance: () =>
      connected?.process?.startedAt == null
        ? null
        : { pid: connected.process.pid, startedAt: connected.process.startedAt },
    settled: () => void replaceStale(),
    replace: endConnected,
    withdraw: () => {
      if (connection === 'stdio' || !connected) return
      log.warn('codex.withdrawn', { pid: connected.process?.pid ?? null })
      void connected.release()
    },
    again: () => wake(),
    status: () => ({
      state: state.now(),
      connection,
      binary: installed.binary() ?? connected?.binary ?? null,
      version: connected?.client.server.version ?? null,
      stale: isStale(),
      pid: connected?.process?.pid ?? null,
      socket: connected?.socket ?? null,
      home: options.codexHome,
      error: state.problem(),
    }),
    [Symbol.asyncDispose]: leave,
  }
}
