import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Check, DoctorResult } from '@dispatch/contract'
import { openStore } from '@dispatch/store'
import { addLane, triggerRow } from '../bench.ts'
import { describe, expect, it } from 'vitest'
import { type LocalHome, makeLocalHome } from '../local-home.ts'

const doctor = async (
  home: LocalHome,
  input: object = { appServer: false },
): Promise<{ result: DoctorResult; of: (name: string) => Check | undefined }> => {
  const result = (await home.local('doctor', input)) as DoctorResult
  return { result, of: (name) => result.checks.find((check) => check.name === name) }
}

/** A codex of a few lines of shell. */
const script = (home: LocalHome, text: string): string => {
  const path = join(home.root, 'codex-script')
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return path
}

const withCodex = (text: string): LocalHome => {
  const home = makeLocalHome()
  return home.setEnv({ DISPATCH_CODEX: script(home, text) })
}

describe('with no daemon, no registry and no Codex', () => {
  it('says so, makes nothing, and fails for Codex alone', async () => {
    using home = makeLocalHome({ DISPATCH_CODEX: '/absent/codex' })
    const { result, of } = await doctor(home, {})
    expect(result.checks.map(({ name }) => name)).toEqual([
      'path',
      'codex_binary',
      'codex_auth',
      'daemon',
      'codex_home',
      'registry',
      'agent_assets',
      'app_server',
      'codex_methods',
      'configuration',
      'modes',
      'app_servers',
      'writer_locks',
      'deliveries',
      'cut_turns',
      'lanes',
      'queues',
      'requests',
      'triggers',
      'failing_triggers',
    ])
    expect(of('codex_binary')).toMatchObject({
      status: 'fail',
      recovery: expect.stringContaining('npm install -g @openai/codex') as string,
    })
    expect(of('app_server')).toMatchObject({ status: 'skipped' })
    expect(of('daemon')).toMatchObject({ status: 'warn', data: { reachable: false } })
    expect(of('registry')).toMatchObject({ status: 'warn', data: { exists: false } })
    expect(of('lanes')).toMatchObject({ status: 'skipped' })
    expect(result).toMatchObject({
      status: 'fail',
      error: { code: 'app_server', details: { failed: ['codex_binary'] } },
    })
    expect(readdirSync(home.paths.home)).toEqual([])
  })
})

describe('codex', () => {
  it('that does not run, and whose server does not come up, is told with its last words', async () => {
    using home = withCodex('echo broken beyond repair >&2; exit 3')
    mkdirSync(join(home.root, 'codex'))
    const { of } = await doctor(home, { timeoutSeconds: 5 })
    expect(of('codex_binary')).toMatchObject({ status: 'fail' })
    expect(of('app_server')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('broken beyond repair') as string,
    })
    expect(of('codex_methods')).toMatchObject({ status: 'skipped' })
  })

  it('whose server never answers is given up in time and ended', async () => {
    using home = withCodex('[ "$1" = --version ] && echo codex-cli 1.0.0 && exit; exec sleep 600')
    mkdirSync(join(home.root, 'codex'))
    const { of } = await doctor(home, { timeoutSeconds: 0.3 })
    expect(of('codex_binary')).toMatchObject({ status: 'ok', data: { version: '1.0.0' } })
    expect(of('app_server')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('300 ms') as string,
    })
  })

  it('is signed in by a file or a variable, of which nothing is shown', async () => {
    using home = withCodex('echo codex-cli 1.0.0')
    mkdirSync(join(home.root, 'codex'))
    expect((await doctor(home)).of('codex_auth')).toMatchObject({
      status: 'warn',
      recovery: 'codex login',
    })
    home.setEnv({ OPENAI_API_KEY: 'sk-secret' })
    const variable = (await doctor(home)).result
    expect(variable.checks[2]).toMatchObject({
      status: 'ok',
      data: { variables: ['OPENAI_API_KEY'] },
    })
    const file = join(home.root, 'codex', 'auth.json')
    writeFileSync(file, '{"token":"sk-secret"}', { mode: 0o000 })
    const signed = (await doctor(home)).result
    expect(signed.checks[2]).toMatchObject({ status: 'ok', data: { files: [file] } })
    expect(JSON.stringify([variable, signed])).not.toContain('sk-secret')
  })
})

it('a file in the place of the home is told once, in words', async () => {
  using home = withCodex('echo codex-cli 1.0.0')
  rmSync(home.paths.home, { recursive: true, force: true })
  writeFileSync(home.paths.home, '')
  const { result, of } = await doctor(home)
  expect(of('modes')).toMatchObject({
    status: 'fail',
    summary: `${home.paths.home} is no directory: it cannot be the home.`,
  })
  expect(of('daemon')).toMatchObject({ status: 'warn', summary: 'No daemon runs.' })
  expect(result.error?.details).toEqual({ failed: ['modes'] })
  expect(JSON.stringify(result)).not.toMatch(/ENO|lstat/)
  rmSync(home.paths.home)
})

describe('the configuration', () => {
  it('that cannot be read fails with its place; what of it does not act is told', async () => {
    using home = withCodex('echo codex-cli 1.0.0')
    expect((await doctor(home)).of('configuration')).toMatchObject({ status: 'ok' })
    const file = join(home.paths.home, 'config.toml')
    mkdirSync(home.paths.home, { recursive: true, mode: 0o700 })
    writeFileSync(file, '[defaults]\nmodel = "m\n')
    const broken = await doctor(home)
    expect(broken.of('configuration')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining(`${file}:2:`) as string,
      recovery: `Edit ${file}.`,
      data: { file, line: 2 },
    })
    expect(broken.result.error?.details).toEqual({ failed: ['configuration'] })
    writeFileSync(file, '[defaults]\nmodle = "m"\n')
    expect((await doctor(home)).of('configuration')).toMatchObject({
      status: 'fail',
      recovery: 'Did you mean defaults.model?',
    })
    writeFileSync(file, '[defaults]\nmodel = "m"\n')
    expect((await doctor(home)).of('configuration')).toMatchObject({
      status: 'ok',
      data: { files: [file] },
    })
  })
})

describe('the programs', () => {
  it('are found on PATH', async () => {
    using home = withCodex('echo codex-cli 1.0.0')
    const bin = join(home.root, 'bin')
    mkdirSync(bin)
    home.setEnv({ PATH: `${bin}:/usr/bin:/bin` })
    expect((await doctor(home)).of('path')).toMatchObject({ status: 'warn' })
    for (const name of ['dispatch', 'dispatchd']) symlinkSync('/bin/sh', join(bin, name))
    expect((await doctor(home)).of('path')).toMatchObject({
      status: 'ok',
      data: { dispatch: join(bin, 'dispatch'), dispatchd: join(bin, 'dispatchd') },
    })
  })
})

/** Leaves a socket file behind, as a killed daemon does. */
const leaveSocket = async (path: string): Promise<void> => {
  const { spawn } = await import('node:child_process')
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

describe('the daemon', () => {
  it('that was killed left files: found, and removed with --fix alone', async () => {
    using home = withCodex('echo codex-cli 1.0.0')
    await leaveSocket(home.paths.socket)
    writeFileSync(home.paths.pidfile, '7\n')
    const stale = [home.paths.socket, home.paths.pidfile]
    const first = await doctor(home)
    expect(first.of('daemon')).toMatchObject({ status: 'warn', data: { stale } })
    expect(first.result.removed).toEqual([])
    expect(stale.map(existsSync)).toEqual([true, true])
    const { result, of } = await doctor(home, { appServer: false, fix: true })
    expect(result.removed).toEqual(stale)
    expect(of('daemon')).toMatchObject({ status: 'warn', summary: 'No daemon runs.' })
    expect(stale.map(existsSync)).toEqual([false, false])
  })

  it('of another program is left alone, and so is what is no socket', async () => {
    using home = withCodex('echo codex-cli 1.0.0')
    const server = createServer().listen(home.paths.socket)
    await once(server, 'listening')
    const { result, of } = await doctor(home, { appServer: false, fix: true })
    expect(of('daemon')).toMatchObject({
      status: 'fail',
      summary: expect.stringContaining('Another program') as string,
    })
    expect(result.removed).toEqual([])
    expect(existsSync(home.paths.socket)).toBe(true)
    server.close()
    await once(server, 'close')
    writeFileSync(home.paths.socket, 'mine')
    expect((await doctor(home, { appServer: false, fix: true })).result.removed).toEqual([])
  })

  it('that has the home but does not answer is a failure; nothing of it is removed', async () => {
    using home = withCodex('echo codex-cli 1.0.0')
    writeFileSync(home.paths.pidfile, '7\n')
    await using _daemon = await home.occupy()
    const { result, of } = await doctor(home, { appServer: false, fix: true })
    expect(of('daemon')).toMatchObject({ status: 'fail', data: { reachable: false } })
    expect(result.removed).toEqual([])
  })
})

describe('the registry', () => {
  it('that is sound is ok; open modes, ambiguous deliveries and stalled lanes are warned of', async () => {
    using home = withCodex('echo codex-cli 1.0.0')
    {
      using store = openStore({ file: home.paths.database })
      addLane(store, 't1', {
        status: 'busy',
        activeTurnId: 'u',
        latestTurnId: 'u',
        stalled: true,
        stalledReason: 'Codex says: Reconnecting... waiting for network',
      })
    }
    const { of, result } = await doctor(home)
    expect(of('triggers')).toMatchObject({ status: 'ok', data: { count: 0 } })
    {
      using store = openStore({ file: home.paths.database })
      store.triggers.insert(triggerRow('g', { laneId: 't1', state: 'disabled', reason: 'Why.' }))
      store.triggers.insert(triggerRow('f', { laneId: 't1', failures: 1 }))
    }
    expect((await doctor(home)).of('failing_triggers')).toMatchObject({
      status: 'warn',
      recovery: 'dispatch trigger runs f',
    })
    expect((await doctor(home)).of('triggers')).toMatchObject({
      status: 'warn',
      summary: 'A trigger was disabled.',
      detail: 'Trigger g was disabled (Why.).',
      recovery: 'dispatch trigger resume g',
    })
    expect(of('registry')).toMatchObject({ status: 'ok', data: { rowCounts: { lanes: 1 } } })
    expect(of('lanes')).toMatchObject({ status: 'warn', data: { stalled: [{ id: 't1' }] } })
    expect(of('deliveries')).toMatchObject({ status: 'ok' })
    expect(of('modes')).toMatchObject({ status: 'ok' })
    expect(result).toMatchObject({ status: 'warn', error: null })
    chmodSync(home.paths.database, 0o644)
    expect((await doctor(home)).of('modes')).toMatchObject({ status: 'warn' })
    chmodSync(home.paths.home, 0o755)
    expect((await doctor(home)).of('modes')).toMatchObject({ status: 'fail' })
  })

  it('that is damaged, foreign or unreadable fails', async () => {
    using home = withCodex('echo codex-cli 1.0.0')
    writeFileSync(home.paths.database, 'broken '.repeat(2_000))
    const { of, result } = await doctor(home)
    expect(of('registry')).toMatchObject({ status: 'fail' })
    expect(of('deliveries')).toMatchObject({ status: 'skipped' })
    expect(result).toMatchObject({ status: 'fail', error: { details: { failed: ['registry'] } } })
  })
})
