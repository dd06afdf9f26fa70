// doctor and registry through the bin, on the real Codex: beside a running daemon, after a killed one,
// after down.
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { spawnSocketServer } from '@dispatch/codex-client'
import type { BackupResult, Check, DoctorResult, VerifyResult } from '@dispatch/contract'
import { findCodexBinary } from '@dispatch/model-simulator/testing'
import { expect, test } from 'vitest'
import { processesOf } from '../src/processes.ts'
import { makeWorld, type World } from '../src/world.ts'

const doctor = async (world: World, args: string[] = [], env: Record<string, string> = {}) => {
  const answer = await world.dispatch(['doctor', ...args], { env })
  const result = answer.json() as DoctorResult
  const of = (name: string): Check | undefined => result.checks.find((one) => one.name === name)
  return { answer, result, of }
}

test('doctor: a daemon that runs, that was killed, that is down', async () => {
  await using world = await makeWorld()
  const before = await doctor(world)
  expect(before.answer.code).toBe(0)
  expect(before.result.status).toBe('warn')
  expect(before.of('app_server')).toMatchObject({ status: 'ok', data: { version: '0.169.0' } })
  expect(before.of('codex_methods')).toMatchObject({
    status: 'ok',
    data: { needed: [], optional: [] },
  })
  // The simulator is a provider that needs no account.
  expect(before.of('codex_auth')).toMatchObject({ status: 'ok' })
  expect(existsSync(world.home)).toBe(false)

  await world.dispatch(['new', '--name', 'a', '--text', 'reply: hi', '--wait'])
  const { pid } = await world.status()
  const running = await doctor(world)
  expect(running.of('daemon')).toMatchObject({ status: 'ok', data: { pid, reachable: true } })
  for (const name of ['registry', 'modes', 'app_servers', 'writer_locks', 'deliveries', 'lanes']) {
    expect(running.of(name), name).toMatchObject({ status: 'ok' })
  }
  expect(running.of('app_server')).toMatchObject({ status: 'ok' })
  const { codexHome } = running.of('codex_auth')?.data ?? {}
  expect(running.of('codex_home')).toMatchObject({ status: 'ok', data: { daemon: codexHome } })

  // A shell with another CODEX_HOME is told, and the daemon's is looked at.
  const other = join(world.root, 'another-codex')
  await mkdir(other)
  const elsewhere = await doctor(world, [], { CODEX_HOME: other })
  expect(elsewhere.of('codex_home')).toMatchObject({
    status: 'warn',
    summary: expect.stringContaining(other) as string,
    recovery: expect.stringContaining(`CODEX_HOME=${String(codexHome)}`) as string,
    data: { shell: other, daemon: codexHome },
  })
  expect(elsewhere.of('codex_auth')).toMatchObject({ status: 'ok', data: { codexHome } })
  expect(elsewhere.of('app_server')).toMatchObject({ status: 'ok', data: { codexHome } })

  process.kill(pid, 'SIGKILL')
  const killed = await doctor(world, ['--no-app-server', '--fix'])
  expect(killed.of('app_server')).toMatchObject({ status: 'skipped' })
  expect(killed.result.removed).toContain(join(world.home, 'dispatchd.sock'))
  expect(killed.of('app_servers')).toMatchObject({
    status: 'warn',
    recovery: expect.stringContaining('dispatch down') as string,
  })
  const text = await world.dispatch(['doctor', '--no-app-server', '--text'])
  expect(text.stdout).toMatch(/^dispatch \d+\.\d+\.\d+: warn\n/)
  expect(text.stdout).toMatch(/\[ok\] +registry: /)

  expect((await world.dispatch(['down'])).json()).toMatchObject({ status: 'stopped' })
  expect((await doctor(world, ['--no-app-server'])).of('app_servers')).toMatchObject({
    status: 'ok',
  })
  expect(processesOf(world.root)).toEqual([])
})

test('doctor: without a Codex it fails with 8, its answer on stdout', async () => {
  await using world = await makeWorld()
  const { answer, result, of } = await doctor(world, [], { DISPATCH_CODEX: '/absent/codex' })
  expect(answer.code).toBe(8)
  expect(result.status).toBe('fail')
  expect(of('codex_binary')).toMatchObject({ status: 'fail' })
  expect(answer.error()).toMatchObject({ code: 'app_server' })
})

test('registry: copied beside a daemon, put back with the daemon down', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'kept', '--no-send'])
  const copy = join(world.root, 'copy.db')
  expect((await world.dispatch(['registry', 'backup', '--to', copy])).json()).toMatchObject({
    backup: copy,
    verified: true,
  })
  await world.dispatch(['new', '--name', 'later', '--no-send'])
  const verified = (await world.dispatch(['registry', 'verify'])).json() as VerifyResult
  expect(verified).toMatchObject({ status: 'ok', rows: { lanes: 2 } })
  expect((await world.dispatch(['registry', 'migrate', '--allow-running'])).json()).toMatchObject({
    migrated: false,
    daemonRunning: true,
  })
  for (const op of [['migrate'], ['restore', copy, '--yes'], ['prune', '--yes']]) {
    const refused = await world.dispatch(['registry', ...op])
    expect(refused.code).toBe(9)
    expect(refused.error()).toMatchObject({ code: 'conflict' })
  }
  await world.dispatch(['down'])
  expect((await world.dispatch(['registry', 'restore', copy])).code).toBe(2)
  const restored = await world.dispatch(['registry', 'restore', copy, '--yes'])
  const { replaced } = restored.json() as { replaced: string }
  expect(existsSync(replaced)).toBe(true)
  const { lanes } = (await world.dispatch(['list'])).json() as { lanes: { handle: string }[] }
  expect(lanes.map(({ handle }) => handle)).toEqual(['@kept'])
  const sent = await world.dispatch(['send', '@kept', 'reply: still here', '--wait'])
  expect(sent.json()).toMatchObject({ lastMessage: 'still here' })
  const backup = (await world.dispatch(['registry', 'backup'])).json() as BackupResult
  expect(backup.backup.startsWith(join(world.home, 'registry.db.'))).toBe(true)
})

test('a shared App Server: lanes are not taken for foreign, down leaves it alone', async () => {
  await using world = await makeWorld()
  await mkdir(world.home, { mode: 0o700 })
  await writeFile(join(world.home, 'config.toml'), '[codex]\nconnection = "shared"\n')
  await using codex = await spawnSocketServer({
    binary: findCodexBinary().path,
    codexHome: world.codexHome,
    env: { PATH: process.env.PATH, HOME: world.root },
    cwd: world.work,
    stderr: 'ignore',
    socketPath: '',
  })
  const made = await world.dispatch(['new', '--name', 'a', '--text', 'reply: hi', '--wait'])
  expect(made.json()).toMatchObject({ lastMessage: 'hi' })
  const looked = await doctor(world, ['--no-app-server'])
  for (const name of ['daemon', 'app_servers', 'writer_locks']) {
    expect(looked.of(name), name).toMatchObject({ status: 'ok' })
  }
  expect((await world.dispatch(['down'])).json()).toMatchObject({
    status: 'stopped',
    codexPid: null,
  })
  expect(processesOf(world.root).map(({ pid }) => pid)).toContain(codex.pid)
})
