// A registry that cannot be used: a clear error that names the way out, nothing of it is changed, and
// when the reason is over everything is there.
import { createHash } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { ListResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { run } from '../../src/spawn.ts'
import { makeWorld, type World } from '../../src/world.ts'

const firstSchema = new URL('../../../../apps/daemon/test/registry/schema-1.sql', import.meta.url)
const dispatchBin = fileURLToPath(new URL('../../../../apps/cli/bin/dispatch.mjs', import.meta.url))

const fileOf = (world: World): string => join(world.home, 'registry.db')

const digestOf = async (world: World): Promise<string> =>
  createHash('sha256')
    .update(await readFile(fileOf(world)))
    .digest('hex')

/** A home with a lane in its registry, and no daemon. */
const withLane = async (world: World): Promise<void> => {
  await world.dispatch(['new', '--name', 'kept', '--text', 'reply: hi', '--wait'])
  await world.dispatch(['down'])
}

const refusals = async (world: World, expected: { code: string; exit: number; hint: RegExp }) => {
  for (const args of [['up'], ['send', '@kept', 'x']]) {
    const refused = await world.dispatch(args)
    expect({ args, exit: refused.code, stdout: refused.stdout }).toEqual({
      args,
      exit: expected.exit,
      stdout: '',
    })
    expect(refused.error()).toMatchObject({
      code: expected.code,
      hint: expect.stringMatching(expected.hint) as string,
    })
  }
}

const expectKept = async (world: World): Promise<void> => {
  const sent = await world.dispatch(['send', '@kept', 'reply: again', '--wait'])
  expect(sent.json()).toMatchObject({ handle: '@kept', lastMessage: 'again' })
  expect(await world.dispatch(['registry', 'verify'])).toMatchObject({ code: 0 })
  const { lanes } = (await world.dispatch(['list'])).json() as ListResult
  console.log(`refused, not a byte changed, and afterwards ${lanes.length} of 1 lanes is there`)
  expect(lanes).toHaveLength(1)
}

test('locked by another program', async () => {
  await using world = await makeWorld()
  await withLane(world)
  const before = await digestOf(world)
  {
    using other = new DatabaseSync(fileOf(world))
    other.exec('BEGIN EXCLUSIVE')
    await refusals(world, { code: 'conflict', exit: 9, hint: /^Close the program/ })
    other.exec('ROLLBACK')
  }
  expect(await digestOf(world)).toBe(before)
  await expectKept(world)
})

test('of a newer schema', async () => {
  await using world = await makeWorld()
  await withLane(world)
  const setVersion = (version: number): number => {
    using database = new DatabaseSync(fileOf(world))
    const { user_version: was } = database.prepare('PRAGMA user_version').get() as {
      user_version: number
    }
    database.exec(`PRAGMA user_version = ${version}`)
    return was
  }
  const version = setVersion(9_999)
  const before = await digestOf(world)
  await refusals(world, { code: 'conflict', exit: 9, hint: /^Upgrade dispatch/ })
  expect(await digestOf(world)).toBe(before)
  setVersion(version)
  await expectKept(world)
})

test('damaged', async () => {
  await using world = await makeWorld()
  await withLane(world)
  const sound = await readFile(fileOf(world))
  const broken = Buffer.from(sound)
  for (let at = 100; at < broken.length; at += 7) broken[at] = at % 251
  await writeFile(fileOf(world), broken)
  const before = await digestOf(world)
  await refusals(world, { code: 'internal', exit: 1, hint: /^dispatch registry restore FILE/ })
  expect(await digestOf(world)).toBe(before)
  await writeFile(fileOf(world), sound)
  await expectKept(world)
})

test('where nothing can be written', async () => {
  await using world = await makeWorld({ codex: null })
  // A file system on which root cannot make files either.
  for (const [name, place] of [
    ['DISPATCH_HOME', '/sys/kernel/dispatch'],
    ['DISPATCH_DB', '/sys/kernel/registry.db'],
  ] as const) {
    const refused = await world.dispatch(['up'], { env: { [name]: place } })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.error()).toMatchObject({
      code: 'validation',
      message: expect.stringContaining('/sys/kernel') as string,
      hint: expect.stringContaining(name) as string,
    })
  }
  expect(await world.dispatch(['up'])).toMatchObject({ code: 0 })
})

test('of an older schema, on a full disk: no step is half done', async () => {
  await using world = await makeWorld({ codex: null })
  await world.dispatch(['up'])
  await world.dispatch(['down'])
  const file = fileOf(world)
  for (const rest of ['', '-wal', '-shm']) await writeFile(`${file}${rest}`, '')
  {
    using database = new DatabaseSync(file)
    database.exec('PRAGMA application_id = 1685287011')
    database.exec(await readFile(firstSchema, 'utf8'))
    database.exec('PRAGMA user_version = 1')
  }
  // Each step is whole or not there: what there is, is sound.
  const versionOf = (): number => {
    using database = new DatabaseSync(file, { readOnly: true })
    const found = database.prepare('PRAGMA integrity_check').all()
    expect(found).toEqual([{ integrity_check: 'ok' }])
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
      user_version: number
    }
    return version
  }
  let version = versionOf()
  expect(version).toBe(1)
  const { size } = await stat(file)
  // This world's own path has no programs.
  const env = { ...world.env, PATH: process.env.PATH ?? '' }
  const outcomes: unknown[] = []
  for (const limit of [1, 4_096, Math.floor(size / 2), size + 4_096]) {
    const args = [`--fsize=${limit}:`, process.execPath, dispatchBin, 'up', '--json']
    const ran = await run({ command: 'prlimit', args, env, cwd: world.work })
    const { error } = JSON.parse(ran.stderr) as { error: { code: string; hint: string } }
    expect({ exit: ran.code, code: error.code }).toEqual({ exit: 1, code: 'internal' })
    expect(error.hint).toMatch(/^Free some space/)
    expect(versionOf()).toBeGreaterThanOrEqual(version)
    version = versionOf()
    outcomes.push({ limit, version })
  }
  console.log('ups on a full disk:', outcomes)
  const up = await world.dispatch(['up'])
  expect(up).toMatchObject({ code: 0 })
  expect(versionOf()).toBeGreaterThan(version)
  expect(await world.dispatch(['registry', 'verify'])).toMatchObject({ code: 0 })
})
