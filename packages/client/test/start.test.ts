import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Call } from '@dispatch/contract'
import {
  createDispatchClient,
  type DispatchClientOptions,
  ensureDaemon,
  isProcessAlive,
  locateHome,
  makeLifecycle,
  readEnvironment,
  systemClock,
} from '../src/index.ts'
import { makeTestHome } from './fake-daemon.ts'

const dispatchd = join(import.meta.dirname, 'fake-dispatchd.ts')
const daemon = { command: process.execPath, args: [dispatchd] }
const call = { signal: new AbortController().signal } as Call

/** A home below a directory that is removed, and what ends the daemons that were started in it. */
const makeWorld = (env: Record<string, string> = {}) => {
  const directory = makeTestHome()
  const home = join(directory.home, 'home')
  const options: DispatchClientOptions & { daemon: typeof daemon } = { home, env, daemon }
  const life = makeLifecycle(options)
  const read = (name: string) => readFileSync(join(home, name), 'utf8')
  // A file that is there and empty still is no pid 0, which would be all of us.
  const started = () =>
    read('starts')
      .split('\n')
      .filter((line) => line !== '')
      .map(Number)
  return {
    home,
    options,
    life,
    read,
    started,
    async [Symbol.asyncDispose]() {
      for (const pid of started().filter(isProcessAlive)) process.kill(pid, 'SIGKILL')
      directory[Symbol.dispose]()
    },
  }
}

const watchOf = (path: string) => {
  const watcher = watch(path)
  return {
    /** Resolves when a file of that name is there. */
    async has(name: string): Promise<void> {
      while (!readdirSync(path).includes(name)) await once(watcher, 'change')
    },
    [Symbol.dispose]: () => watcher.close(),
  }
}

test('a start that is given up ends at once, and the daemon is left to start', async () => {
  await using world = makeWorld({ FAKE: 'hang' })
  const home = watch(dirname(world.home))
  const abort = new AbortController()
  const up = world.life.up({}, { ...call, signal: abort.signal })
  // The program is run as soon as the home is there.
  await once(home, 'change')
  home.close()
  using own = { of: watch(world.home), [Symbol.dispose]: () => own.of.close() }
  abort.abort(new Error('Ctrl-C'))
  await expect(up).rejects.toThrow('Ctrl-C')
  const hasStarted = () => readdirSync(world.home).includes('starts') && world.started().length > 0
  while (!hasStarted()) await once(own.of, 'change')
  expect(world.started().filter(isProcessAlive)).toHaveLength(1)
})

test('a call starts the daemon: private home, own directory, no variables of Codex', async () => {
  await using world = makeWorld({ CODEX_SANDBOX: '1', CODEX_HOME: '/c', PATH: '/bin' })
  await using client = createDispatchClient(world.options)
  const { pid } = await client.api.daemon.status({})
  expect(statSync(world.home).mode & 0o777).toBe(0o700)
  expect(statSync(join(world.home, 'logs/start.log')).mode & 0o777).toBe(0o600)
  const { env, cwd } = JSON.parse(world.read(`env-${pid}`))
  expect(cwd).toBe(world.home)
  expect(env).toMatchObject({ CODEX_HOME: '/c', PATH: '/bin', DISPATCH_HOME: world.home })
  expect(env).not.toHaveProperty('CODEX_SANDBOX')
})

test('twenty callers at once end with one daemon, and all are answered', async () => {
  await using world = makeWorld()
  const caller = join(import.meta.dirname, 'start-one.ts')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      promisify(execFile)(process.execPath, [caller, dispatchd, world.home]),
    ),
  )
  const pids = new Set(answers.map(({ stdout }) => Number(stdout)))
  expect(pids.size).toBe(1)
  expect(world.started().filter(isProcessAlive)).toEqual([...pids])
})

test('without leave to start nothing is started', async () => {
  using directory = makeTestHome()
  const env = { DISPATCH_NO_AUTOSTART: '1' }
  await using client = createDispatchClient({ home: directory.home, env, daemon })
  await expect(client.api.list({})).rejects.toMatchObject({ details: { reason: 'absent' } })
  await using other = createDispatchClient({ home: directory.home, env: {}, daemon })
  await expect(other.api.daemon.status({}, { autostart: false })).rejects.toMatchObject({
    details: { reason: 'absent' },
  })
  expect(readdirSync(directory.home)).toEqual([])
})

test('a start that fails says why: the daemon’s own words, else the end of its log', async () => {
  await using refused = makeWorld({ FAKE: 'error' })
  await expect(refused.life.up({}, call)).rejects.toMatchObject({ code: 'conflict' })
  await using crashed = makeWorld({ FAKE: 'crash' })
  await expect(crashed.life.up({}, call)).rejects.toThrow(/ended before.*it broke here/s)
  await using hanging = makeWorld({ FAKE: 'hang' })
  const environment = { ...readEnvironment(), env: { FAKE: 'hang' } }
  const paths = locateHome(environment, hanging.home)
  const clock = {
    ...systemClock,
    after: (_: number, run: () => void) => systemClock.after(1_500, run),
  }
  await expect(ensureDaemon({ daemon, environment, paths, clock })).rejects.toThrow(
    /not ready after.*it hangs here/s,
  )
  await using missing = makeWorld()
  const life = makeLifecycle({ ...missing.options, daemon: { command: '/no/dispatchd', args: [] } })
  await expect(life.up({}, call)).rejects.toMatchObject({ code: 'daemon_unreachable' })
  await missing.life.up({}, call)
})

test('up, restart and down', async () => {
  await using world = makeWorld({ DISPATCH_NO_AUTOSTART: '1' })
  const first = await world.life.up({}, call)
  expect(first).toMatchObject({
    status: 'started',
    version: '1.0.0',
    codex: 'unavailable',
    warnings: ['There is no Codex.'],
  })
  expect(await world.life.up({}, call)).toEqual({ ...first, status: 'already_running' })
  const second = await world.life.restart({}, call)
  expect(second.status).toBe('started')
  expect(second.pid).not.toBe(first.pid)
  expect(isProcessAlive(first.pid)).toBe(false)
  expect(await world.life.down({ force: true }, call)).toEqual({
    status: 'stopped',
    pid: second.pid,
    codexPid: null,
    removed: [],
  })
  expect(isProcessAlive(second.pid)).toBe(false)
  expect(
    world
      .read('shutdowns')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([{ codex: false }, { codex: true, force: true }])
  expect(await world.life.down({}, call)).toMatchObject({ status: 'not_running', codexPid: 7 })
})

test('down waits for a daemon that holds the home and does not listen yet, and ends it', async () => {
  await using world = makeWorld({ FAKE: 'held' })
  mkdirSync(world.home, { mode: 0o700 })
  using folder = watchOf(world.home)
  const down = world.life.down({}, call)
  await folder.has('downs')
  const { pid } = await makeLifecycle({ ...world.options, env: {} }).up({}, call)
  expect(await down).toMatchObject({ status: 'stopped', pid })
  expect(isProcessAlive(pid)).toBe(false)
})

test('down in a home that never was does nothing', async () => {
  using directory = makeTestHome()
  const life = makeLifecycle({ home: join(directory.home, 'none'), env: {}, daemon })
  expect(await life.down({}, call)).toMatchObject({ status: 'not_running' })
  expect(readdirSync(directory.home)).toEqual([])
})
