// search on the real Codex: over lanes, exec sessions and threads of another process.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findCodexBinary, makeAppServer } from '@dispatch/model-simulator/testing'
import { describe, expect, it } from 'vitest'
import { type FoundThread, threadReader } from '../../src/codex/thread-reader.ts'
import { scanPages } from '../../src/sessions/scan.ts'
import { makePlace, type Place } from '../composed.ts'

const otherServer = (place: Place) =>
  makeAppServer({ binary: findCodexBinary().path, codexHome: join(place.root, 'codex') })

type Server = Awaited<ReturnType<typeof otherServer>>

const makeThread = async (server: Server, params: object, texts: string[]): Promise<string> => {
  const { thread } = await server.call('thread/start', params)
  const { id } = thread as { id: string }
  for (const text of texts) {
    const { turn } = await server.call('turn/start', {
      threadId: id,
      input: [{ type: 'text', text }],
    })
    const turnId = (turn as { id: string }).id
    await server.waitFor(
      'turn/completed',
      (ended) => (ended.turn as { id: string } | undefined)?.id === turnId,
    )
  }
  return id
}

describe('search on the real Codex', () => {
  it('finds lanes and others, by every filter, and goes on after its cursor', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const repo = join(place.work, 'repo')
    const sub = join(repo, 'src')
    mkdirSync(join(repo, '.git'), { recursive: true })
    writeFileSync(join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n')
    mkdirSync(sub)
    const lane = await running.ops().new({ name: 'lane', text: 'reply: Apricot one', wait: true })
    await using server = await otherServer(place)
    const inRepo = await makeThread(server, { cwd: sub }, ['reply: apricot two'])
    await makeThread(server, { cwd: place.work }, ['reply: plum'])
    const search = (input: object = {}) => running.ops().search({ query: 'apricot', ...input })
    const ids = async (input: object) => (await search(input)).matches.map(({ id }) => id).sort()

    const all = await search()
    expect(all).toMatchObject({
      query: 'apricot',
      scanned: 2,
      nextCursor: null,
      experimental: true,
      notes: [],
    })
    expect(all.matches.find(({ id }) => id === lane.id)).toMatchObject({
      ref: lane.ref,
      handle: '@lane',
      managed: true,
      source: 'own',
      status: 'idle',
      turnId: null,
    })
    expect(all.matches.find(({ id }) => id === inRepo)).toMatchObject({
      ref: null,
      managed: false,
      source: 'unmanaged',
      status: 'unknown',
      cwd: sub,
    })
    for (const { snippet } of all.matches) expect(snippet.toLowerCase()).toContain('apricot')

    expect(await ids({ managed: true })).toEqual([lane.id])
    expect(await ids({ unmanaged: true })).toEqual([inRepo])
    expect(await ids({ repo: sub })).toEqual([inRepo])
    expect(await ids({ dir: repo })).toEqual([inRepo])
    expect(await ids({ dir: place.work })).toHaveLength(2)
    expect(await ids({ since: '2020-01-01', dateField: 'created_at' })).toHaveLength(2)
    expect(await ids({ until: '2020-01-01' })).toEqual([])
    expect(await ids({ archived: true })).toEqual([])
    const oldestFirst = await search({ ascending: true, sort: 'created_at' })
    expect(oldestFirst.matches.map(({ id }) => id)).toEqual([lane.id, inRepo])

    const first = await search({ limit: 1, ascending: true, sort: 'created_at' })
    expect(first.matches).toHaveLength(1)
    const cursor = first.nextCursor ?? ''
    const second = await search({ limit: 1, ascending: true, sort: 'created_at', cursor })
    expect([...first.matches, ...second.matches].map(({ id }) => id)).toEqual([lane.id, inRepo])
    expect(second.nextCursor).toBeNull()

    // A budget that runs out says so, and can be gone on from.
    const starved = await search({
      unmanaged: true,
      maxScan: 1,
      ascending: true,
      sort: 'created_at',
    })
    expect(starved).toMatchObject({ matches: [], scanned: 1 })
    expect(starved.notes).toHaveLength(1)
    const fed = await search({
      unmanaged: true,
      maxScan: 1,
      ascending: true,
      sort: 'created_at',
      cursor: starved.nextCursor ?? '',
    })
    expect(fed.matches.map(({ id }) => id)).toEqual([inRepo])

    await running.ops().archive({ lane: lane.id })
    expect(await ids({ archived: true })).toEqual([lane.id])
    for (const input of [
      { limit: 5, maxScan: 2 },
      { since: 'yesterday' },
      { repo: place.work },
      { cursor: 'none' },
    ]) {
      await expect(search(input)).rejects.toMatchObject({ cause: { code: 'validation' } })
    }
  })

  it('passes by none that was made in the second in which a page ends', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await using server = await otherServer(place)
    const made: string[] = []
    for (let n = 0; n < 60; n += 1) {
      made.push(await makeThread(server, { cwd: place.work }, ['reply: apricot']))
    }
    const client = await running.daemon.link.client()
    for (const sort of ['created_at', 'updated_at'] as const) {
      for (const ascending of [true, false]) {
        const { found } = await scanPages<FoundThread>({
          cursor: null,
          limit: 100,
          maxScan: 1_000,
          // More than are made in a second, fewer than there are.
          page: (cursor) =>
            threadReader.search(client, {
              text: 'apricot',
              cursor,
              limit: 45,
              sort,
              ascending,
              archived: false,
              subagents: false,
            }),
          idOf: ({ thread }) => thread.id,
          fits: () => true,
        })
        const ids = found.map(({ thread }) => thread.id)
        expect(ascending ? ids : ids.toReversed()).toEqual(made)
      }
    }
  })

  it('searches one thread: a lane, a thread id, an ephemeral lane, an old history', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await using server = await otherServer(place)
    const texts = ['reply: apricot one', 'reply: plum', 'reply: Apricot two']
    const paged = await makeThread(server, { cwd: place.work }, texts)
    const legacy = await makeThread(server, { cwd: place.work, historyMode: 'legacy' }, texts)
    const search = (thread: string, input: object = {}) =>
      running.ops().search({ query: 'apricot', thread, ...input })
    for (const thread of [paged, legacy]) {
      const { matches, nextCursor } = await search(thread)
      expect(matches).toHaveLength(4)
      expect(nextCursor).toBeNull()
      for (const { id, turnId, itemId, snippet } of matches) {
        expect(id).toBe(thread)
        expect(turnId).toBeTruthy()
        expect(itemId).toBeTruthy()
        expect(snippet.toLowerCase()).toContain('apricot')
      }
      const first = await search(thread, { limit: 3 })
      const rest = await search(thread, { limit: 3, cursor: first.nextCursor })
      expect([...first.matches, ...rest.matches]).toEqual(matches)
    }
    const lane = await running.ops().attach({ thread: paged })
    expect((await search(lane.handle)).matches[0]).toMatchObject({ ref: lane.ref, managed: true })
    expect(await search(lane.ref, { unmanaged: true })).toMatchObject({ matches: [], scanned: 0 })
    await running.ops().new({ name: 'brief', ephemeral: true, text: 'reply: apricot', wait: true })
    expect((await search('@brief')).matches).toHaveLength(2)
    for (const nobody of ['@nobody', '01a1fb5b-0000-7000-8000-000000000000']) {
      await expect(search(nobody)).rejects.toMatchObject({ cause: { code: 'not_found' } })
    }
  })
})
