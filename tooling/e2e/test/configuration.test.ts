// Configuration as a person meets it: files, presets, trust, the plan, and errors that say where.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type {
  ConfigShowResult,
  ConfigTrustResult,
  DaemonStatus,
  NewResult,
  SetResult,
} from '@dispatch/contract'
import { findCodexBinary } from '@dispatch/model-simulator/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const write = async (path: string, text: string): Promise<string> => {
  const file = join(world.root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

test('config show works with no daemon, and starts none', async () => {
  const file = await write(
    'work/.dispatch/config.toml',
    '[defaults]\neffort = "low"\n[presets.open]\nnetwork = true\n',
  )
  const inner = join(world.work, 'inner')
  await mkdir(inner)
  const shown = await world.dispatch(['config', 'show', '--preset', 'open'], { cwd: inner })
  expect(shown).toMatchObject({ code: 0, stderr: '' })
  const { files, values, notes } = shown.json() as ConfigShowResult
  expect(files).toMatchObject([
    { path: join(world.home, 'config.toml'), layer: 'global', exists: false },
    {
      path: file,
      layer: 'repo',
      presets: ['open'],
      needsTrust: ['network = true'],
      trusted: false,
    },
  ])
  expect(values.find(({ key }) => key === 'effort')).toMatchObject({
    value: 'low',
    origin: 'repo',
    section: 'defaults',
    file,
  })
  expect(notes.join()).toContain('dispatch config trust')
  expect(await world.dispatch(['daemon', 'status'])).toMatchObject({ code: 8 })
  const text = await world.dispatch(['config', 'show', '--output', 'text'])
  expect(text.stdout).toMatch(/^KEY +VALUE +ORIGIN +TABLE\n/)
  expect(text.stdout).toMatch(/effort +low +repo +defaults\n/)
})

test('a wrong key ends with 2 and names file, key and the nearest one', async () => {
  const file = await write('typo/.dispatch/config.toml', '[defaults]\nefort = "low"\n')
  const cwd = join(world.root, 'typo')
  for (const args of [
    ['config', 'show'],
    ['new', '--name', 'x', '--no-send'],
  ]) {
    const refused = await world.dispatch(args, { cwd })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.error()).toMatchObject({
      code: 'validation',
      details: { file, key: 'defaults.efort', nearest: 'defaults.effort' },
    })
  }
})

test('new under a preset that needs trust, before and after it', async () => {
  const args = ['new', '--name', 'web', '--preset', 'open', '--no-send']
  const refused = await world.dispatch(args)
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.error().hint).toContain('dispatch config trust')
  const trust = (await world.dispatch(['config', 'trust'])).json() as ConfigTrustResult
  expect(trust).toMatchObject({ trusted: true, grants: ['network = true'] })
  const made = (await world.dispatch(args)).json() as NewResult
  expect(made).toMatchObject({ title: '[work] web', handle: '@web' })
  expect((await world.dispatch(['config', 'trust', '--revoke'])).code).toBe(0)
  expect((await world.dispatch(['new', '--name', 'b', '--preset', 'open'])).code).toBe(2)
})

test('--dry-run shows the plan and makes nothing', async () => {
  const args = ['new', '--name', 'docs', '--prefix', '', '--effort', 'high', '--dry-run']
  const planned = (await world.dispatch(args)).json() as NewResult
  expect(planned).toMatchObject({ ref: '', title: 'docs' })
  expect(planned.plan?.find(({ key }) => key === 'effort')).toMatchObject({ origin: 'flag' })
  const text = await world.dispatch([...args, '--output', 'text'])
  expect(text.stdout).toMatch(/effort +high +flag/)
  const { lanes } = (await world.dispatch(['daemon', 'status'])).json() as DaemonStatus
  expect(lanes.total).toBe(1)
})

test('set changes a lane from its flags, and takes back by their names', async () => {
  const file = await write('work/schema.json', '{"type":"object","properties":{}}')
  const set = await world.dispatch([
    ...['set', '@web', '--approval-policy', 'never'],
    ...['--output-schema-file', file],
  ])
  expect(set.json() as SetResult).toMatchObject({
    changed: ['approvalPolicy', 'outputSchema'],
    settings: { approvalPolicy: 'never', outputSchema: { type: 'object' } },
  })
  const unset = await world.dispatch(['set', '@web', '--unset', 'approval-policy'])
  expect((unset.json() as SetResult).changed).toEqual(['approvalPolicy'])
  expect((await world.dispatch(['set', '@web', '--unset', 'name'])).code).toBe(2)
})

test('the Codex that the configuration names is run, in its environment', async () => {
  await using other = await makeWorld({ codex: null })
  await mkdir(other.home, { mode: 0o700 })
  const config = (bin: string): string =>
    `[codex]\nbin = "${bin}"\n[daemon.env]\nPATH = "/usr/bin:/bin:/configured"\n`
  await writeFile(join(other.home, 'config.toml'), config(findCodexBinary().path))
  const answer = await other.dispatch(['new', '--name', 'a', '--text', 'reply: hi', '--wait'])
  expect(answer.json() as NewResult).toMatchObject({ lastMessage: 'hi' })
  expect((await other.status()).path).toContain('/configured')
  // A file that breaks while the daemon runs: reads and status go on and say it.
  await writeFile(join(other.home, 'config.toml'), '[codec]\n')
  expect((await other.status()).warnings.join()).toContain('codec')
  expect((await other.dispatch(['list'])).code).toBe(0)
  expect((await other.dispatch(['new', '--name', 'b'])).code).toBe(2)
})
