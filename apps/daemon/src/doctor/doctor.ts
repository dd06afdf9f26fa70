// doctor: carries the checks out in their order and sums them up. What it knows of Codex, the lock and
// the registry is handed in.
import { existsSync } from 'node:fs'
import {
  type Check,
  type ConfigShowResult,
  DispatchError,
  type DoctorInput,
  type DoctorResult,
  errorToBody,
} from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'
import { openStore, type Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { LockHolder } from '../codex/writer-locks.ts'
import type { AttentionKind } from '../status/attention.ts'
import { isSameHome } from '../codex/caller-home.ts'
import { holderToText } from '../codex/writer-locks.ts'
import { askDaemon, isServed } from './ask-daemon.ts'
import { checkAssets } from './assets-check.ts'
import { check, worstOf } from './check.ts'
import {
  checkAuth,
  checkBinary,
  checkMethods,
  checkServer,
  type CodexPlace,
} from './codex-checks.ts'
import { checkCodexHome } from './codex-home-check.ts'
import { checkConfiguration } from './configuration-check.ts'
import { checkDaemon, type DaemonFinding, type LockState } from './daemon-check.ts'
import { checkModes, checkServers } from './home-checks.ts'
import { checkPath } from './path-check.ts'
import {
  checkAttention,
  checkLocks,
  checkRegistry,
  liveLanesOf,
  withoutRegistry,
} from './registry-checks.ts'
import { type Trial, tryServer } from './trial-server.ts'

/** What the doctor looks at. */
export type DoctorOptions = {
  clock: Clock
  paths: HomePaths
  version: string
  /** The folder of what comes along for agents. */
  assets: string
  /** Looked for when the doctor runs. */
  codex: () => CodexPlace
  /** The configuration as seen from that directory; throws what is wrong with it. */
  configuration: (cwd: string) => ConfigShowResult
  lock: () => LockState
  hold: () => Disposable | null
  /** The socket of the App Server of the home, where there is a home. */
  codexSocket: () => string | null
  serversAt: (socket: string) => number[]
  recordedServer: (store: Store) => number | null
  /** Who, other than that process, holds the threads of that CODEX_HOME. */
  holders: (
    own: { pid: number | null; codexHome: string },
    ids: string[],
  ) => Promise<Map<string, LockHolder>>
}

type Asked = { signal: AbortSignal; cwd: string }

const TIMEOUT_SECONDS = 10
const ASK_MS = 2_000

const storeOf = (file: string): Store | null => {
  try {
    return openStore({ file, readonly: true })
  } catch {
    return null
  }
}

const errorOf = (checks: readonly Check[]): DispatchError | null => {
  const failed = checks.filter(({ status }) => status === 'fail')
  const [first] = failed
  if (!first) return null
  return new DispatchError(
    'app_server',
    `${failed.length} ${failed.length === 1 ? 'check' : 'checks'} failed: ${failed.map(({ name }) => name).join(', ')}.`,
    {
      ...(first.recovery ? { hint: first.recovery } : {}),
      details: { failed: failed.map(({ name }) => name) },
    },
  )
}

const placeIn = (place: CodexPlace, codexHome: string): CodexPlace => ({
  ...place,
  home: { path: codexHome, isDefault: false },
})

/** Makes the doctor. */
export const makeDoctor = (options: DoctorOptions) => {
  const { clock, paths, version } = options

  const tryCodex = async (
    place: CodexPlace,
    { appServer = true, timeoutSeconds = TIMEOUT_SECONDS }: DoctorInput,
    signal: AbortSignal,
  ): Promise<{ trial: Trial | null; why: string }> => {
    if (!appServer) return { trial: null, why: '--no-app-server was given.' }
    if ('missing' in place.search) return { trial: null, why: 'There is no Codex to try.' }
    const { host, search, home } = place
    if (home.isDefault && !existsSync(home.path)) {
      return { trial: null, why: `There is no ${home.path} yet; dispatch up makes it.` }
    }
    const trial = await tryServer({
      host,
      binary: search.binary,
      codexHome: home.path,
      version,
      timeoutMs: timeoutSeconds * 1_000,
      signal,
    })
    return { trial, why: '' }
  }

  const lookAtDaemon = async (fix: boolean): Promise<DaemonFinding> =>
    await checkDaemon({
      paths,
      lock: options.lock,
      hold: options.hold,
      ask: (socket) => askDaemon({ socket, version, timeoutMs: ASK_MS, clock }),
      isServed,
      fix,
    })

  const laneChecks = async (daemon: DaemonFinding | null, codexHome: string): Promise<Check[]> => {
    using store = storeOf(paths.database)
    const socket = options.codexSocket()
    const recorded = store && options.recordedServer(store)
    const lanes = store ? liveLanesOf(store) : []
    const holders = async () => {
      const found = await options.holders(
        // With a shared connection it is a server that no registry remembers.
        { pid: daemon?.codexPid ?? recorded, codexHome },
        lanes.map(({ threadId }) => threadId),
      )
      return new Map([...found].map(([threadId, holder]) => [threadId, holderToText(holder)]))
    }
    const waiting = (kind: AttentionKind) =>
      store ? checkAttention(store, kind) : withoutRegistry()
    return [
      await check('app_servers', () =>
        checkServers({
          pids: socket ? options.serversAt(socket) : [],
          recorded,
          daemonRuns: daemon?.running ?? false,
        }),
      ),
      await check('writer_locks', async () =>
        store ? checkLocks(lanes, await holders()) : withoutRegistry(),
      ),
      await check('deliveries', () => waiting('ambiguous')),
      await check('cut_turns', () => waiting('cut')),
      await check('lanes', () => waiting('stalled')),
      await check('queues', () => waiting('held')),
      await check('requests', () => waiting('pending')),
      await check('triggers', () => waiting('disabled')),
      await check('failing_triggers', () => waiting('failing')),
    ]
  }

  return async (input: DoctorInput, { signal, cwd }: Asked): Promise<DoctorResult> => {
    let daemon: DaemonFinding | null = null
    const daemonCheck = await check('daemon', async () => {
      daemon = await lookAtDaemon(input.fix ?? false)
      return daemon.finding
    })
    const theirs = (daemon as DaemonFinding | null)?.codexHome ?? null
    const own = options.codex()
    const place = theirs === null || isSameHome(own.home.path, theirs) ? own : placeIn(own, theirs)
    const { trial, why } = await tryCodex(place, input, signal)
    const checks: Check[] = [
      await check('path', () => checkPath(place.host)),
      await check('codex_binary', () => checkBinary(place)),
      await check('codex_auth', () => checkAuth(place, trial)),
      daemonCheck,
      await check('codex_home', () => checkCodexHome({ own: own.home.path, daemon: theirs })),
      await check('registry', () => checkRegistry(paths.database)),
      await check('agent_assets', () =>
        checkAssets({ root: options.assets, version, codexHome: place.home.path }),
      ),
      await check('app_server', () => checkServer(trial, why)),
      await check('codex_methods', () => checkMethods(trial)),
      await check('configuration', () => checkConfiguration(() => options.configuration(cwd))),
      await check('modes', () => checkModes(paths, place.host.uid, options.codexSocket())),
      ...(await laneChecks(daemon, place.home.path)),
    ]
    const error = errorOf(checks)
    return {
      status: worstOf(checks),
      version,
      checks,
      removed: (daemon as DaemonFinding | null)?.removed ?? [],
      error: error && errorToBody(error),
    }
  }
}
