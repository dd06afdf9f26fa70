// A shell that means another CODEX_HOME than the daemon that answers it: what makes or takes a lane
// says so and names the way out, and is done all the same.
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NewResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { makeWorld } from '../src/world.ts'

const notesOf = (answer: { json(): unknown }): string[] =>
  (answer.json() as { notes: string[] }).notes

test('a lane made or taken from a shell with another CODEX_HOME', async () => {
  await using world = await makeWorld()
  const { codexHome } = world
  const other = join(world.root, 'other-codex')
  await mkdir(other)
  await world.dispatch(['up'])
  const elsewhere = { env: { CODEX_HOME: other } }
  const told = (home: string): string =>
    `The daemon works with another CODEX_HOME, ${codexHome}, than this shell, ${home}. Set CODEX_HOME=${codexHome} here, or another DISPATCH_HOME for ${home}.`

  const made = await world.dispatch(
    ['new', '--name', 'a', '--text', 'reply: hi', '--wait'],
    elsewhere,
  )
  expect(made.json()).toMatchObject({ lastMessage: 'hi', notes: [told(other)] })
  const { id, ref } = made.json() as NewResult
  const ran = await world.dispatch(['run', 'reply: done', '--json'], elsewhere)
  expect(ran.json()).toMatchObject({ lastMessage: 'done', notes: [told(other)] })
  const forked = await world.dispatch(['fork', ref, '--name', 'b'], elsewhere)
  expect(notesOf(forked)).toContain(told(other))

  await world.dispatch(['detach', ref, '--yes'])
  expect(notesOf(await world.dispatch(['attach', id], elsewhere))).toContain(told(other))
  expect(notesOf(await world.dispatch(['adopt', id], elsewhere))).toContain(told(other))
  expect(notesOf(await world.dispatch(['send', id, 'reply: more'], elsewhere))).toEqual([])

  // A thread that is not there may be in the shell's own.
  const missing = '019bd000-0000-7000-8000-00000000ffff'
  const lost = await world.dispatch(['attach', missing], elsewhere)
  expect(lost).toMatchObject({ code: 4, stdout: '' })
  expect(lost.error()).toMatchObject({
    code: 'not_found',
    message: expect.stringContaining(`than this shell, ${other}.`) as string,
    hint: `Set CODEX_HOME=${codexHome} here, or another DISPATCH_HOME for ${other}`,
  })
  const { hint } = (await world.dispatch(['attach', missing])).error()
  expect(hint).toBe('dispatch list --unmanaged')
})

test('the same directory by another path, none, and the shell of a lane', async () => {
  await using world = await makeWorld()
  await world.dispatch(['up'])
  const make = async (name: string, env: Record<string, string>) =>
    notesOf(await world.dispatch(['new', '--name', name, '--no-send'], { env }))
  const link = join(world.root, 'link')
  await symlink(world.codexHome, link)
  expect(await make('linked', { CODEX_HOME: link })).toEqual([])
  // Unset is the one below the shell's HOME.
  expect(await make('unset', { CODEX_HOME: '' })).toEqual([
    expect.stringContaining(`than this shell, ${join(world.root, '.codex')}.`),
  ])
  // Codex does not hand the variable to the shells of its threads.
  const threadId = '019bd000-0000-7000-8000-000000000001'
  expect(await make('in-codex', { CODEX_HOME: '', CODEX_THREAD_ID: threadId })).toEqual([])
})

test('a CODEX_HOME of [daemon.env] is meant for every shell', async () => {
  await using world = await makeWorld()
  await mkdir(world.home, { mode: 0o700 })
  await writeFile(
    join(world.home, 'config.toml'),
    `[daemon.env]\nCODEX_HOME = ${JSON.stringify(world.codexHome)}\n`,
  )
  const env = { CODEX_HOME: '' }
  const made = await world.dispatch(['new', '--name', 'a', '--no-send'], { env })
  expect(made.json()).toMatchObject({ notes: [] })
})
