// A home whose registry an older dispatch wrote: the first command brings it up, after a copy, and its
// lanes, what was said in them and what waits for them go on with the Codex that they are in.
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type {
  DeliveryListResult,
  LaneDetail,
  ListResult,
  NewResult,
  QueueListResult,
  SendResult,
  TailResult,
  UpResult,
} from '@dispatch/contract'
import { expect, test } from 'vitest'
import { eventOf } from '../src/events.ts'
import { makeWorld } from '../src/world.ts'

const firstSchema = new URL('../../../apps/daemon/test/registry/schema-1.sql', import.meta.url)

type Named = { name: string }

/** Writes the registry anew as the first release had it: its tables, and in them the columns of then. */
const writeAsFirst = async (file: string): Promise<void> => {
  const older = `${file}.older`
  {
    using database = new DatabaseSync(older, { enableForeignKeyConstraints: false })
    database.exec('PRAGMA application_id = 1685287011; PRAGMA auto_vacuum = INCREMENTAL')
    database.exec(await readFile(firstSchema, 'utf8'))
    database.exec('PRAGMA user_version = 1')
    database.prepare('ATTACH ? AS newer').run(file)
    const tables = database.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
    for (const { name } of tables.all() as Named[]) {
      const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(name) as Named[]
      const list = columns.map((column) => column.name).join(', ')
      database.exec(`INSERT INTO main.${name} (${list}) SELECT ${list} FROM newer.${name}`)
    }
    expect(database.prepare('PRAGMA main.foreign_key_check').all()).toEqual([])
  }
  const bytes = await readFile(older)
  for (const rest of ['-wal', '-shm']) await rm(`${file}${rest}`, { force: true })
  await rm(older)
  await writeFile(file, bytes, { mode: 0o600 })
}

const schemaOf = (file: string): unknown => {
  using database = new DatabaseSync(file, { readOnly: true })
  return database.prepare('PRAGMA user_version').get()
}

test('a registry of the first schema, with lanes, receipts, history and a queue', async () => {
  await using world = await makeWorld()
  const file = join(world.home, 'registry.db')
  const made = await world.dispatch(['new', '--name', 'old', '--text', 'reply: hi', '--wait'])
  const { id, ref, delivery } = made.json() as NewResult
  await world.dispatch(['new', '--name', 'waits', '--no-send'])
  await world.dispatch(['queue', 'pause', '@waits'])
  const queued = await world.dispatch(['send', '@waits', 'reply: at last', '--queue'])
  const { delivery: waiting } = queued.json() as SendResult
  await world.dispatch(['down'])
  await writeAsFirst(file)

  const up = await world.dispatch(['up'])
  const copy = `${file}.schema-1.backup`
  expect(up).toMatchObject({ code: 0 })
  expect((up.json() as UpResult).warnings.join()).toContain(copy)
  expect((await stat(copy)).mode & 0o777).toBe(0o600)
  expect(schemaOf(copy)).toEqual({ user_version: 1 })
  expect(await world.dispatch(['registry', 'verify', copy])).toMatchObject({ code: 0 })
  expect(await world.dispatch(['registry', 'verify'])).toMatchObject({ code: 0 })

  const { lanes } = (await world.dispatch(['list'])).json() as ListResult
  expect(lanes.map(({ handle }) => handle).sort()).toEqual(['@old', '@waits'])
  const detail = (await world.dispatch(['get', ref])).json() as LaneDetail
  expect(detail).toMatchObject({ id, handle: '@old', status: 'idle', lastMessage: 'hi' })
  const receipts = (await world.dispatch(['delivery', 'list', '--lane', ref])).json()
  expect((receipts as DeliveryListResult).deliveries).toMatchObject([
    { id: delivery?.id, state: 'accepted', outcome: 'completed' },
  ])
  {
    await using past = world.follow(['watch', ref, '--follow', '--after', '0'])
    await eventOf(past, ({ type }) => type === 'turn.completed')
  }

  const sent = await world.dispatch(['send', '@old', 'reply: again', '--wait'])
  expect(sent.json()).toMatchObject({ lastMessage: 'again' })
  const { items } = (await world.dispatch(['tail', ref])).json() as TailResult
  expect(items.map(({ text }) => text)).toEqual(['reply: hi', 'hi', 'reply: again', 'again'])

  const { messages } = (await world.dispatch(['queue', 'list', '@waits'])).json() as QueueListResult
  expect(messages).toMatchObject([{ id: waiting?.id, state: 'queued' }])
  await world.dispatch(['queue', 'resume', '@waits'])
  expect(await world.dispatch(['wait', '@waits'])).toMatchObject({ code: 0 })
  expect((await world.dispatch(['last', '@waits'])).stdout).toContain('at last')
  const again = await world.dispatch(['restart'])
  expect(again).toMatchObject({ code: 0 })
})
