// A composed daemon in this process: a throw-away home, the real Codex (or the fake one) with a
// simulated model. Disposing it ends the app-server and removes everything.
import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { appRouter, type Call, createCallerFactory, type DispatchEvent } from '@dispatch/contract'
import { resolveHome } from '@dispatch/contract/home'
import { fakeCodexPath, type Scenario } from '@dispatch/fake-app-server'
import { makeModelSimulator, type ModelSimulator } from '@dispatch/model-simulator'
import { findCodexBinary, makeCodexHomeTemplate } from '@dispatch/model-simulator/testing'
import { openStore, type Store } from '@dispatch/store'
import { systemClock } from '../src/clock/clock.ts'
import { composeDaemon, type Daemon } from '../src/compose.ts'
import type { Host } from '../src/host/host.ts'
import type { Log } from '../src/log/log.ts'
import { localOnly } from '../src/serve/local-only.ts'

/** A place for daemons, one after the other. */
export type Place = AsyncDisposable & {
  readonly root: string
  readonly work: string
  readonly model: ModelSimulator
  /** Starts a daemon on the place's registry, with further variables in its environment. */
  start(more?: Record<string, string>): RunningDaemon
}

const callerOf = createCallerFactory(appRouter)
type Ops = ReturnType<typeof callerOf>

/** A daemon that runs in this process. */
export type RunningDaemon = AsyncDisposable & {
  readonly daemon: Daemon
  readonly store: Store
  /** The ops, as a caller in process. */
  ops(call?: Partial<Call>): Ops
  /** Every event from the start on, until one fits. */
  event(fits: (event: DispatchEvent) => boolean): Promise<DispatchEvent>
  /** The process of the joined App Server. Throws where there is none: a signal to 0 would hit the tests. */
  codexPid(): number
}

let lastCall = 0
const callId = (): string => {
  lastCall += 1
  return `01900000-0000-7000-8000-${String(lastCall).padStart(12, '0')}`
}

const codexOf = ({ codex, scenario }: PlaceOptions): string =>
  codex ?? (scenario ? fakeCodexPath : findCodexBinary().path)

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** What differs from the real Codex with no scenario. */
export type PlaceOptions = {
  codex?: string
  env?: Record<string, string>
  log?: Log
  /** The daemon's registry, in place of the one that was opened: to make its disk full, say. */
  registry?: (store: Store) => Store
  /** How often Codex asks the model again by itself; never when absent. */
  retries?: number
  /** Plays the fake app-server by that scenario. */
  scenario?: Scenario
}

/** Makes a place. */
export const makePlace = async (options: PlaceOptions = {}): Promise<Place> => {
  await using stack = new AsyncDisposableStack()
  const root = await mkdtemp(join(tmpdir(), 'dspd-'))
  stack.defer(() => rm(root, { recursive: true, force: true, maxRetries: 5 }))
  const model = stack.use(await makeModelSimulator())
  const codexHome = join(root, 'codex')
  const template = await makeCodexHomeTemplate()
  await template.copyTo(codexHome, { url: model.url, retries: options.retries ?? 0 })
  const work = join(root, 'work')
  const home = join(root, 'home')
  mkdirSync(work)
  mkdirSync(home, { mode: 0o700 })
  const env: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: root,
    DISPATCH_HOME: home,
    CODEX_HOME: codexHome,
    DISPATCH_CODEX: codexOf(options),
    DISPATCH_TEST_RUN: process.env.DISPATCH_TEST_RUN,
    ...options.env,
  }
  if (options.scenario) {
    env.FAKE_CODEX_SCENARIO = join(root, 'scenario.json')
    writeFileSync(env.FAKE_CODEX_SCENARIO, JSON.stringify(options.scenario))
  }
  const host: Host = {
    pid: process.pid,
    uid: process.getuid?.() ?? 0,
    platform: process.platform,
    execPath: process.execPath,
    homedir: homedir(),
    cwd: root,
    tmpdir: tmpdir(),
    env,
    kill: (pid, signal) => void process.kill(pid, signal),
  }
  const paths = resolveHome(env, { homedir: root, cwd: root })
  const owned = stack.move()

  const start = (more: Record<string, string> = {}): RunningDaemon => {
    const store = openStore({ file: paths.database })
    const daemon = composeDaemon({
      host: { ...host, env: { ...env, ...more } },
      paths,
      socket: paths.socket,
      store: options.registry?.(store) ?? store,
      log: options.log ?? silent,
      clock: systemClock,
      random: () => 0.5,
      newId: callId,
      version: '0.0.0-test',
      notices: [],
      connections: () => 0,
      leave: () => {},
    })
    const ops: RunningDaemon['ops'] = (call = {}) =>
      callerOf({
        services: daemon.services,
        local: localOnly,
        call: {
          id: callId(),
          caller: 'client',
          cwd: work,
          zone: 'UTC',
          threadId: null,
          after: null,
          signal: new AbortController().signal,
          ...call,
        },
      })
    return {
      daemon,
      store,
      ops,
      event: async (fits) => {
        const abort = new AbortController()
        const call = { signal: abort.signal, after: '0' } as Call
        const events = daemon.services.watchFollow({}, call)
        for await (const { data } of events) {
          if (data === null || !fits(data)) continue
          abort.abort()
          return data
        }
        throw new Error('the events ended')
      },
      codexPid: () => {
        const server = daemon.link.instance()
        if (!server) throw new Error('no App Server is joined')
        return server.pid
      },
      [Symbol.asyncDispose]: async () => {
        await daemon[Symbol.asyncDispose]()
        store[Symbol.dispose]()
      },
    }
  }

  return {
    root,
    work,
    model,
    start,
    [Symbol.asyncDispose]: async () => {
      const last = start()
      await last.daemon.link.end()
      await last[Symbol.asyncDispose]()
      await owned.disposeAsync()
    },
  }
}
