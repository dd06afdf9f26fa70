// Starts the daemon of a home and waits until it listens. Of many starts at once one daemon comes to
// be: the others say that the home is held, and their starters wait for the one that holds it.
import { mkdirSync } from 'node:fs'
import { bodyToError } from '@dispatch/contract/errors'
import type { HomePaths } from '@dispatch/contract/home'
import { homeFaultToError, makeFolders } from '@dispatch/contract/home-faults'
import type { Clock } from './clock.ts'
import { makeDaemonEnv } from './daemon-env.ts'
import type { Environment } from './environment.ts'
import { unlessGivenUp } from './given-up.ts'
import { checkPrivate, locateSocket } from './home.ts'
import { openSocket } from './socket.ts'
import { type DaemonCommand, spawnDaemon, type StartingDaemon } from './spawn.ts'
import { makeUnreachable, unreachableReason } from './unreachable.ts'

/** What a start needs. */
export type StartOptions = {
  daemon: DaemonCommand
  environment: Environment
  paths: HomePaths
  clock: Clock
  /** Gives the waiting up; a daemon that is starting is left to start. */
  signal?: AbortSignal
  /** Milliseconds until the daemon must listen; 60 s by default: a migration is part of a start. */
  timeout?: number
}

/** How a start went: by us, or by another who holds the home. */
export type StartOutcome =
  | { status: 'started'; pid: number; socket: string }
  | { status: 'held'; pid: number | null }

const START_TIMEOUT_MS = 60_000
const POLL_MIN_MS = 10
const POLL_MAX_MS = 200
/** How long a held home is waited for before another start shows whether it still is. */
const HELD_MS = 2_000

type ReadyLine = {
  ready?: true
  held?: true
  pid?: number | null
  socket?: string
  error?: unknown
}

const failed = (what: string, tail: string) =>
  makeUnreachable('silent', {
    message: tail ? `${what} The end of its log:\n${tail}` : what,
    hint: 'dispatch daemon logs',
  })

const within = async <T>(
  promise: Promise<T>,
  ms: number,
  { clock, signal }: Pick<StartOptions, 'clock' | 'signal'>,
): Promise<T | 'late'> => {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const callOff = clock.after(ms, () => resolve('late'))
  try {
    return await unlessGivenUp(Promise.race([promise, late]), signal)
  } finally {
    callOff()
  }
}

const lineToOutcome = (line: string, tail: () => string): StartOutcome => {
  const said: ReadyLine = JSON.parse(line)
  if (said.error !== undefined) throw bodyToError(said.error)
  if (said.held) return { status: 'held', pid: said.pid ?? null }
  if (said.ready && said.pid && said.socket) {
    return { status: 'started', pid: said.pid, socket: said.socket }
  }
  throw failed('dispatchd said something else than that it is ready.', tail())
}

const makeHome = (home: string): void => {
  try {
    makeFolders(home, (path) => mkdirSync(path, { mode: 0o700 }))
  } catch (error) {
    throw homeFaultToError(home, error)
  }
}

const spawnIn = ({ daemon, environment, paths }: StartOptions): StartingDaemon => {
  const env = makeDaemonEnv(environment, paths)
  try {
    return spawnDaemon({ daemon, env, cwd: paths.home, log: paths.startLog })
  } catch (error) {
    throw homeFaultToError(paths.home, error)
  }
}

/** Starts `dispatchd run` once. Throws what it says is wrong, or `daemon_unreachable` with the end of its log. */
export const startDaemon = async (options: StartOptions): Promise<StartOutcome> => {
  const { environment, paths, timeout = START_TIMEOUT_MS } = options
  makeHome(paths.home)
  checkPrivate(paths.home, environment.uid)
  const child = spawnIn(options)
  try {
    const line = await within(child.firstLine, timeout, options)
    if (line === 'late') {
      throw failed(
        `dispatchd (${child.pid}) is not ready after ${timeout} ms.`,
        child.readLogTail(),
      )
    }
    if (line === null) throw failed('dispatchd ended before it was ready.', child.readLogTail())
    return lineToOutcome(line, child.readLogTail)
  } finally {
    child.release()
  }
}

const answers = async (options: Omit<StartOptions, 'daemon'>): Promise<boolean> => {
  try {
    const socket = await openSocket(locateSocket(options.paths, options.environment.uid))
    socket.destroy()
    return true
  } catch (error) {
    if (unreachableReason(error) === 'absent') return false
    throw error
  }
}

/** Waits until somebody listens, or until that time of the steady clock; says whether. */
export const waitForHolder = async (
  options: Omit<StartOptions, 'daemon'>,
  until: number,
): Promise<boolean> => {
  const { clock, signal } = options
  for (let wait = POLL_MIN_MS; clock.monotonic() < until; wait = Math.min(wait * 2, POLL_MAX_MS)) {
    if (await answers(options)) return true
    await clock.pause(wait, signal)
    signal?.throwIfAborted()
  }
  return false
}

/** Brings it about that a daemon listens, whoever starts it. */
export const ensureDaemon = async (options: StartOptions): Promise<StartOutcome> => {
  const { clock, timeout = START_TIMEOUT_MS } = options
  const deadline = clock.monotonic() + timeout
  for (;;) {
    const left = Math.max(1, deadline - clock.monotonic())
    const outcome = await startDaemon({ ...options, timeout: left })
    if (outcome.status === 'started') return outcome
    if (await waitForHolder(options, Math.min(deadline, clock.monotonic() + HELD_MS)))
      return outcome
    if (clock.monotonic() >= deadline) {
      throw makeUnreachable('silent', {
        message: `Another dispatchd (${outcome.pid ?? 'pid unknown'}) holds ${options.paths.home} but does not listen.`,
        hint: 'dispatch daemon logs',
      })
    }
  }
}
