// dispatchd local <op>: carries out the local ops of the contract that need the store or Codex, with no
// daemon of theirs. A composition root: input and answer are those of the contract.
import { existsSync, rmSync } from 'node:fs'
import {
  appRouter,
  type Call,
  createCallerFactory,
  type DaemonServices,
  describeRouter,
  DispatchError,
  type DownResult,
  failureToBody,
  type LocalServices,
} from '@dispatch/contract'
import { bodyToError } from '@dispatch/contract/errors'
import type { HomePaths } from '@dispatch/contract/home'
import { readSkills, rootOf } from './assets/agent-assets.ts'
import type { Clock } from './clock/clock.ts'
import { codexHint, findCodex } from './codex/codex-binary.ts'
import { codexHomeOf } from './codex/codex-home.ts'
import { endRecorded } from './codex/server.ts'
import { serverRecords } from './codex/server-record.ts'
import { codexSocketPath } from './codex/socket-path.ts'
import { findServers } from './codex/stray-servers.ts'
import { makeWriterLocks } from './codex/writer-locks.ts'
import { configurationOf } from './config/configuration.ts'
import { hostToConfigured } from './config/configured-host.ts'
import type { LockState } from './doctor/daemon-check.ts'
import { makeDoctor } from './doctor/doctor.ts'
import type { Host } from './host/host.ts'
import { acquireLock } from './lock/lock.ts'
import { pathsOf, takeHome, tryHome } from './lock/taken-home.ts'
import { homeIdOf } from './registry/home-id.ts'
import { openRegistry } from './registry/open-registry.ts'
import { configToRetention } from './registry/retention.ts'
import { makeRegistryService } from './registry/registry-service.ts'
import { localOnly } from './serve/local-only.ts'
import { version } from './version.ts'

/** What a local op is given by its process. */
export type LocalOptions = { host: Host; clock: Clock; newId: () => string; signal: AbortSignal }

/** Which op, with what. */
export type LocalRequest = { op: string; input: unknown }

// With no daemon alive: ends the app-server that the registry remembers, and removes what a daemon
// that was killed left lying about.
const cleanUp = async ({ host, clock }: LocalOptions, paths: HomePaths): Promise<DownResult> => {
  using _lock = takeHome(host, paths)
  const removed = [paths.socket, paths.pidfile].filter(existsSync)
  let codexPid: number | null = null
  if (existsSync(paths.database)) {
    using store = openRegistry(paths.database)
    const records = serverRecords(store)
    const socket = codexSocketPath(host, paths.home)
    codexPid = await endRecorded({ host, clock, records, homeId: homeIdOf(store), socket })
  }
  for (const path of removed) rmSync(path, { force: true })
  return {
    status: codexPid === null ? 'not_running' : 'stopped',
    pid: null,
    codexPid,
    removed,
  }
}

// Taken for a moment and given back: nothing is made where there is none.
const lockOf = (paths: HomePaths): LockState => {
  if (!existsSync(paths.home)) return 'absent'
  if (!existsSync(paths.lock)) return 'free'
  using lock = acquireLock(paths.lock)
  return lock ? 'free' : 'held'
}

const servicesOf = (options: LocalOptions): LocalServices => {
  const { clock } = options
  const paths = pathsOf(options.host)
  const configuration = configurationOf(options.host, paths)
  const assets = rootOf(import.meta.url)
  const host = hostToConfigured(options.host, configuration.daemon())
  return {
    ...localOnly,
    down: () => cleanUp(options, paths),
    skills: { path: () => readSkills(assets) },
    config: { show: (input, call) => configuration.show(input, call.cwd) },
    doctor: makeDoctor({
      clock,
      paths,
      version,
      assets,
      codex: () => ({
        host,
        search: findCodex(host, import.meta.filename),
        hint: codexHint,
        home: codexHomeOf(host),
      }),
      configuration: (cwd) => configuration.show({}, cwd),
      lock: () => lockOf(paths),
      hold: () => tryHome(host, paths),
      codexSocket: () => (existsSync(paths.home) ? codexSocketPath(host, paths.home) : null),
      serversAt: (socket) => findServers(host, socket),
      recordedServer: (store) => serverRecords(store).get()?.pid ?? null,
      holders: ({ pid, codexHome }, threadIds) =>
        makeWriterLocks({ codexHome, ownPid: () => pid }).allElsewhere(threadIds),
    }),
    registry: makeRegistryService({
      clock,
      database: paths.database,
      index: paths.index,
      retention: () => configToRetention(configuration.daemon()),
      takeHome: () => takeHome(host, paths),
      tryHome: () => tryHome(host, paths),
      strayServers: () => findServers(host, codexSocketPath(host, paths.home)),
    }),
  }
}

const callOf = ({ host, newId, signal }: LocalOptions): Call => ({
  id: newId(),
  caller: 'cli',
  cwd: host.cwd,
  zone: 'UTC',
  threadId: null,
  after: null,
  signal,
})

type Method = (input: unknown) => Promise<unknown>

/** Carries out one local op; throws `DispatchError`, `usage` where there is no such op. */
export const runLocal = async (
  options: LocalOptions,
  { op, input }: LocalRequest,
): Promise<unknown> => {
  const known = describeRouter(appRouter).ops.some(
    ({ path, kind, meta }) => path === op && meta.runs === 'local' && kind !== 'subscription',
  )
  if (!known) throw new DispatchError('usage', `dispatchd has no local op "${op}".`)
  const caller = createCallerFactory(appRouter)({
    // No local op reaches for the daemon's half.
    services: {} as DaemonServices,
    local: servicesOf(options),
    call: callOf(options),
  })
  const method = op
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], caller) as Method
  try {
    return await method(input)
  } catch (error) {
    throw bodyToError(
      failureToBody(error as { code: string; message: string; cause?: unknown }, input),
    )
  }
}
