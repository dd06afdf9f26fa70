// Keeps this home connected to its app-server for as long as the daemon lives.
//
//   starting -> ready -> reconnecting -> ready ...        a server, or its connection, was lost
//                     -> unavailable  -> ready ...        no Codex, or it does not start
//   any      -> stopped                                   the daemon ends
//
// Owns when a server is got, found dead, replaced and ended; server.ts owns how.
import { mkdirSync, statSync } from 'node:fs'
import { readCodexVersion } from '@dispatch/codex-client'
import { type CodexStatus, DispatchError } from '@dispatch/contract'
import { backoffMs } from './backoff.ts'
import { codexHint, findCodex } from './codex-binary.ts'
import type { CodexLink, LinkListener } from './codex-link.ts'
import { watchLiveness } from './liveness.ts'
import { isAlive } from './process-identity.ts'
import { type ConnectedServer, endRecorded, obtainServer, type ServerOptions } from './server.ts'
import { terminate } from './termination.ts'

/** Everything that supervision needs. */
export type SupervisorOptions = ServerOptions & {
  listener: LinkListener
  random: () => number
  /** A module path from which an installed @openai/codex is looked for. */
  from: string
  /** Whether CODEX_HOME is the default one, which is made when it is missing. */
  defaultCodexHome: boolean
}

const READY_WAIT_MS = 20_000
/** A server that ran this long was well: the next start does not wait. */
const WELL_MS = 10_000

type State = CodexStatus['state']

/** The Codex that was found last. */
type Installed = { binary: string | null; version: string | null; build: string | null }

const nothingInstalled: Installed = { binary: null, version: null, build: null }

/** Starts supervision at once. Disposing lets the server live on. */
export const makeSupervisor = (options: SupervisorOptions): CodexLink & AsyncDisposable => {
  const { clock, host, listener, log, records } = options
  let state: State = 'starting'
  let problem: string | null = null
  let connected: ConnectedServer | null = null
  let installed: Installed = nothingInstalled
  let stopping = false
  let waiters: (() => void)[] = []
  let wake: () => void = () => {}

  const become = (next: State, error: string | null): void => {
    state = next
    problem = error
    const woken = waiters
    waiters = []
    for (const waiter of woken) waiter()
  }

  const checkCodexHome = (): void => {
    if (options.defaultCodexHome) mkdirSync(options.codexHome, { recursive: true, mode: 0o700 })
    else statSync(options.codexHome)
  }

  const lookForCodex = async (): Promise<void> => {
    const search = findCodex(host, options.from)
    if ('missing' in search) {
      installed = nothingInstalled
      if (!records.get()) throw new Error(search.missing)
      return
    }
    const { binary } = search
    // An upgrade may keep the path.
    const { mtimeMs, size } = statSync(binary)
    const build = `${binary} ${mtimeMs} ${size}`
    if (build === installed.build) return
    const { codexHome } = options
    const version = await readCodexVersion({ binary, codexHome, env: host.env })
    installed = { binary, version, build }
  }

  const isStale = (): boolean =>
    connected !== null &&
    installed.version !== null &&
    connected.client.server.version !== undefined &&
    connected.client.server.version !== installed.version

  const endConnected = async (): Promise<void> => {
    if (connected) await terminate({ host, clock }, connected.record)
  }

  const replaceStale = async (): Promise<void> => {
    try {
      await lookForCodex()
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
    checkCodexHome()
    await lookForCodex()
    const server = await obtainServer(options, installed.binary)
    if (stopping) {
      await server.client[Symbol.asyncDispose]()
      return 0
    }
    connected = server
    const since = clock.monotonic()
    using _liveness = watchLiveness(clock, {
      client: server.client,
      hasOpenWork: () => listener.hasOpenWork(),
      dead: () => {
        log.warn('codex.silent', { pid: server.record.pid })
        void terminate({ host, clock }, server.record)
      },
    })
    log.info('codex.ready', { pid: server.record.pid, joined: server.joined })
    const end = await joinedUntilClosed(server)
    if (stopping) return 0
    // A server that is being killed closes its connection a little before it is gone.
    const dead = await settledDeath(server)
    become('reconnecting', end.detail)
    log.warn('codex.lost', { pid: server.record.pid, dead })
    listener.lost({ dead, reason: end.detail })
    return clock.monotonic() - since
  }

  const joinedUntilClosed = async (server: ConnectedServer) => {
    try {
      listener.joined({ client: server.client, fresh: !server.joined })
      become('ready', null)
      return await server.client.closed
    } finally {
      connected = null
      await server.client[Symbol.asyncDispose]()
    }
  }

  const settledDeath = async ({ record }: ConnectedServer): Promise<boolean> => {
    const deadline = clock.monotonic() + 500
    while (isAlive(host, record) && clock.monotonic() < deadline) {
      await new Promise<void>((resolve) => clock.at(10, resolve))
    }
    return !isAlive(host, record)
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.at(ms, () => resolve())
      wake = () => {
        timer[Symbol.dispose]()
        resolve()
      }
    })

  const supervise = async (): Promise<void> => {
    for (let attempt = 0; !stopping;) {
      try {
        const ranMs = await serveOne()
        attempt = ranMs >= WELL_MS ? 0 : attempt + 1
      } catch (error) {
        attempt += 1
        const message = error instanceof Error ? error.message : String(error)
        log.error('codex.unavailable', { attempt, error: message })
        become('unavailable', message)
      }
      if (!stopping)
        await pause(
          backoffMs(attempt === 1 && state === 'reconnecting' ? 0 : attempt, options.random),
        )
    }
  }

  const unavailable = (): DispatchError =>
    new DispatchError('app_server', `Codex is not available: ${problem ?? state}`, {
      hint:
        installed.binary === null
          ? codexHint
          : `dispatch daemon logs; the log of Codex: ${options.logFile}`,
      details: { state },
    })

  const stateChange = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.at(ms, () => resolve())
      const done = (): void => {
        timer[Symbol.dispose]()
        resolve()
      }
      waiters.push(done)
      signal?.addEventListener('abort', done, { once: true })
    })

  const client = async (signal?: AbortSignal) => {
    const deadline = clock.monotonic() + READY_WAIT_MS
    while (state === 'starting' || state === 'reconnecting') {
      const left = deadline - clock.monotonic()
      if (left <= 0) break
      await stateChange(left, signal)
      signal?.throwIfAborted()
    }
    if (!connected || state !== 'ready') throw unavailable()
    return connected.client
  }

  // The server lives on; what is being started is waited for, so that nothing is left half done.
  const leave = async (): Promise<void> => {
    stopping = true
    wake()
    become('stopped', null)
    await connected?.client[Symbol.asyncDispose]()
    await running
  }

  const end = async (): Promise<number | null> => {
    await leave()
    return await endRecorded(options)
  }

  const running = supervise()

  return {
    client,
    end,
    current: () => (state === 'ready' ? (connected?.client ?? null) : null),
    instance: () =>
      connected?.record.startedAt == null
        ? null
        : { pid: connected.record.pid, startedAt: connected.record.startedAt },
    settled: () => void replaceStale(),
    replace: endConnected,
    status: () => ({
      state,
      connection: 'own',
      binary: installed.binary ?? connected?.record.binary ?? null,
      version: connected?.client.server.version ?? null,
      stale: isStale(),
      pid: connected?.record.pid ?? null,
      socket: connected?.record.socket ?? null,
      home: options.codexHome,
      error: problem,
    }),
    [Symbol.asyncDispose]: leave,
  }
}
