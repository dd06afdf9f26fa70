// What Node compiled of the daemon: kept in the home from the second start on, used by the third, and
// left alone where the folder is not what the daemon made.
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

const makeUncompiled = async (): Promise<World> => {
  const world = await makeWorld({ codex: null })
  // Else Node keeps everything where that says.
  delete world.env['NODE_COMPILE_CACHE']
  return world
}

const live = async (world: World): Promise<void> => {
  expect((await world.dispatch(['up'])).code).toBe(0)
  expect((await world.dispatch(['down'])).code).toBe(0)
}

const keptIn = async (folder: string): Promise<Map<string, number>> => {
  const node = (await readdir(folder)).find((name) => name.startsWith('v2'))
  if (node === undefined) return new Map()
  const files = await readdir(join(folder, node))
  const times = files.map(
    async (name) => [name, (await stat(join(folder, node, name))).mtimeMs] as const,
  )
  return new Map(await Promise.all(times))
}

test('is kept for the next start, which makes it no second time', async () => {
  await using world = await makeUncompiled()
  const folder = join(world.home, 'compiled')
  await live(world)
  expect(await readdir(folder)).toEqual(['made-for'])
  await live(world)
  const kept = await keptIn(folder)
  expect(kept.size).toBeGreaterThan(5)
  await live(world)
  expect(await keptIn(folder)).toEqual(kept)
  // As an upgrade finds it.
  const [stamp, stale] = [join(folder, 'made-for'), join(folder, 'v0')]
  const made = await readFile(stamp, 'utf8')
  await writeFile(stamp, 'another program')
  await mkdir(stale)
  await live(world)
  expect(await readFile(stamp, 'utf8')).toBe(made)
  expect(await readdir(folder)).not.toContain('v0')
  await live(world)
  expect((await keptIn(folder)).size).toBe(kept.size)
})

test('is nowhere where others may write to the folder', async () => {
  await using world = await makeUncompiled()
  const folder = join(world.home, 'compiled')
  await live(world)
  await chmod(folder, 0o777)
  await live(world)
  expect(await readdir(folder)).toEqual(['made-for'])
})
