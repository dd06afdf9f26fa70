// The service, as it is installed and removed: files below a temporary home, and nothing started.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type {
  ServiceInstallResult,
  ServiceStatusResult,
  ServiceUninstallResult,
} from '@dispatch/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dispatch } from './spawned.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dsp-service-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const service = async (...args: string[]) => {
  const env = { OPENAI_API_KEY: 'a-secret', XDG_CONFIG_HOME: join(home, 'config') }
  const { status, out, err } = await dispatch(['service', ...args], { home, env })
  return {
    status,
    result: () => JSON.parse(out.toString()) as unknown,
    error: () => JSON.parse(err).error as { code: string; hint: string | null },
  }
}

const install = async (...args: string[]) => {
  const answer = await service('install', ...args)
  return { ...answer, result: () => answer.result() as ServiceInstallResult }
}
const uninstall = async (...args: string[]) => {
  const answer = await service('uninstall', ...args)
  return { ...answer, result: () => answer.result() as ServiceUninstallResult }
}
const stand = async () => (await service('status')).result() as ServiceStatusResult

test('is shown, written when that is confirmed, and starts nothing', async () => {
  const planned = (await install('--dry-run')).result()
  expect(planned).toMatchObject({ status: 'planned' })
  expect(planned.content).not.toContain('a-secret')
  const refused = await install()
  expect([refused.status, refused.error().code]).toEqual([2, 'usage'])
  expect(readdirSync(home)).toEqual([])
  expect(await stand()).toMatchObject({ installed: false, current: false, pid: null })

  const written = (await install('--yes')).result()
  expect(written).toMatchObject({ status: 'installed', path: planned.path, content: null })
  expect(readFileSync(written.path, 'utf8')).toBe(planned.content)
  expect(readdirSync(dirname(written.path))).toHaveLength(1)
  expect((await install()).result()).toMatchObject({ status: 'unchanged' })
  expect(await stand()).toMatchObject({ installed: true, current: true, pid: null })
  // Neither a home nor a daemon came to be.
  expect(readdirSync(home)).toEqual([process.platform === 'darwin' ? 'Library' : 'config'])
})

test('is removed with the link that enabled it, when that is confirmed', async () => {
  const { path } = (await install('--yes')).result()
  expect((await uninstall()).status).toBe(2)
  expect(existsSync(path)).toBe(true)
  if (process.platform === 'linux') {
    const enabled = join(dirname(path), 'default.target.wants', (await stand()).name)
    mkdirSync(dirname(enabled))
    symlinkSync(path, enabled)
    expect(await stand()).toMatchObject({ enabled: true })
    expect((await uninstall('--yes')).result().removed).toEqual([path, enabled])
  } else await uninstall('--yes')
  expect(await stand()).toMatchObject({ installed: false })
  expect((await uninstall('--yes')).result()).toMatchObject({
    status: 'not_installed',
    removed: [],
  })
})

test('a file of another maker is left alone', async () => {
  const { path } = (await install('--dry-run')).result()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '[Unit]\n')
  for (const answer of [await install('--yes'), await uninstall('--yes')]) {
    expect([answer.status, answer.error().code]).toEqual([9, 'conflict'])
  }
  expect(readFileSync(path, 'utf8')).toBe('[Unit]\n')
})

const canVerify = spawnSync('systemd-analyze', ['--version']).status === 0

test.runIf(canVerify)('systemd finds nothing wrong with the unit', async () => {
  const { path } = (await install('--yes')).result()
  const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home }
  const verified = spawnSync('systemd-analyze', ['--user', 'verify', path], {
    env,
    encoding: 'utf8',
  })
  expect({ status: verified.status, stderr: verified.stderr }).toEqual({ status: 0, stderr: '' })
})
