// kill -9 of dispatchd while it indexes: the next one goes on where that stopped, and every item is there
// once. The registry and a rollout file are filled before a daemon is started; there is no Codex.
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createDispatchClient, type DispatchClient } from '@dispatch/client'
import type { QueryResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { fillLanes } from '../../src/filled-lanes.ts'
import { makeWorld, type World } from '../../src/world.ts'

const LANES = 10
const ITEMS = 200
const RECORDED = 3_000

const words = 'the build printed a long line about nothing at all '.repeat(30)

const record = (number: number): string =>
  JSON.stringify({
    timestamp: new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString(),
    ordinal: number,
    type: 'event_msg',
    payload: {
      type: 'item_completed',
      turn_id: `turn-${Math.floor(number / 100)}`,
      item: {
        type: 'AgentMessage',
        id: `item-${number}`,
        content: [{ type: 'Text', text: `recorded number${number} ${words}` }],
      },
      completed_at_ms: Date.UTC(2026, 0, 1) + number * 1_000,
    },
  })

const reach = (world: World): DispatchClient =>
  createDispatchClient({ env: world.env, cwd: world.work })

const count = async ({ api }: DispatchClient, text: string) => {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const after: { cursor?: string } = cursor === null ? {} : { cursor }
    const page: QueryResult = await api.query({ text, limit: 1_000, ...after })
    ids.push(...page.matches.map(({ id, turnId, itemId }) => `${id}/${turnId}/${itemId}`))
    cursor = page.nextCursor
  } while (cursor !== null)
  return [new Set(ids).size, ids.length]
}

/** Kills the daemon while it is behind, after it has come further; whether it was found so. */
const killWhileBehind = async (world: World, past: number): Promise<boolean> => {
  await using client = reach(world)
  for (;;) {
    const { index } = await client.api.daemon.status({})
    if (index.state === 'done' && index.items !== null) return false
    if (index.state === 'behind' && (index.items ?? 0) > past) break
  }
  await world.killDaemon()
  return true
}

/** Starts the daemon, and the index by asking something of it. */
const start = async (world: World): Promise<void> => {
  await world.dispatch(['up'])
  await world.dispatch(['query', 'nothing'])
}

const untilDone = async ({ api }: DispatchClient): Promise<number> => {
  for (;;) {
    const { state, items } = (await api.daemon.status({})).index
    if (state === 'done' && items !== null) return items
  }
}

test('what was indexed stays, what was not follows, and nothing is there twice', async () => {
  await using world = await makeWorld({ codex: null })
  mkdirSync(world.home, { mode: 0o700 })
  const path = join(world.root, 'rollout.jsonl')
  appendFileSync(path, '')
  const recorded = fillLanes(world, {
    lanes: LANES,
    items: ITEMS,
    text: (number) => `stored number${number} ${words}`,
    rolloutPath: path,
  })
  await start(world)
  expect(await killWhileBehind(world, 0)).toBe(true)
  await start(world)
  const all = LANES * ITEMS
  {
    await using client = reach(world)
    expect(await untilDone(client)).toBe(all)
    expect(await count(client, 'stored')).toEqual([all, all])
  }

  for (let from = 0; from < RECORDED; from += 1_000) {
    const numbers = Array.from({ length: 1_000 }, (_, at) => from + at)
    appendFileSync(path, `${numbers.map(record).join('\n')}\n`)
  }
  const synced = await world.dispatch(['sync', recorded, '--full'])
  expect(synced.json()).toMatchObject({ sync: { state: 'complete' }, badLines: 0 })
  expect(await killWhileBehind(world, all)).toBe(true)
  await start(world)
  await using client = reach(world)
  expect(await untilDone(client)).toBe(all + RECORDED)
  expect(await count(client, 'recorded')).toEqual([RECORDED, RECORDED])
  const { matches } = await client.api.query({ text: 'number2999' })
  expect(matches).toMatchObject([{ itemId: 'item-2999', turnId: 'turn-29' }])
})
