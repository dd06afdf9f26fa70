// new on the real Codex, with a daemon that is cut at each step of it: whoever asks again gets one
// lane, on one thread, by its name.
import { describe, expect, it } from 'vitest'
import type { CodexClient } from '@dispatch/codex-client'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const id = '01900000-0000-7000-8000-00000000bbbb'
const asked = { name: 'a', prefix: '' }

const clientOf = (running: RunningDaemon): Promise<CodexClient> => running.daemon.link.client()

const threads = async (running: RunningDaemon): Promise<string[]> =>
  (await (await clientOf(running)).request('thread/loaded/list', {})).data

const nameOf = async (running: RunningDaemon, threadId: string): Promise<string | null> => {
  const client = await clientOf(running)
  const { thread } = await client.request('thread/read', { threadId, includeTurns: false })
  return thread.name
}

/** Runs `new` in a daemon that ends at that step, as if it had been killed there. */
const cut = async (place: Place, at: (running: RunningDaemon) => Promise<unknown>) => {
  await using running = place.start()
  // Kept from the list of loaded threads: an unnamed thread is let go 2 s after its last client.
  await clientOf(running)
  const step = at(running)
  const call = running.ops({ id }).new(asked)
  await Promise.race([step, call.catch(() => step)])
  return { call: call.catch((error: unknown) => error) }
}

const kill = (): never => {
  throw new Error('killed')
}

const expectOne = async (running: RunningDaemon): Promise<void> => {
  const made = await running.ops({ id }).new(asked)
  expect(made).toMatchObject({ handle: '@a', title: 'a' })
  expect((await running.ops().list({})).lanes).toMatchObject([{ id: made.id }])
  // It may have been let go already, but no other one is there.
  expect((await threads(running)).filter((threadId) => threadId !== made.id)).toEqual([])
  expect(await nameOf(running, made.id)).toBe('a')
  expect(running.store.creations.get(id)?.state).toBe('done')
  const sent = await running.ops().send({ lane: '@a', text: 'reply: alive', wait: true })
  expect(sent.lastMessage).toBe('alive')
}

describe('a daemon that ends in the middle of new', () => {
  it('before Codex was told', async () => {
    await using place = await makePlace()
    await cut(place, ({ store }) => {
      const { put } = store.creations
      return new Promise((resolve) => {
        store.creations.put = (row) => {
          put(row)
          resolve(null)
          return kill()
        }
      })
    })
    await using running = place.start()
    await expectOne(running)
  })

  it('when the answer was on its way', async () => {
    await using place = await makePlace()
    await cut(place, ({ store }) => {
      const { put } = store.creations
      return new Promise((resolve) => {
        store.creations.put = (row) => {
          put(row)
          // Behind the request, which leaves in the same turn of the loop.
          setImmediate(resolve)
        }
      })
    })
    await using running = place.start()
    await expectOne(running)
  })

  it('when Codex had started the thread, which no table had yet', async () => {
    await using place = await makePlace()
    let started: string | null = null
    await cut(place, ({ store }) => {
      return new Promise((resolve) => {
        store.lanes.insert = (row) => {
          started = row.threadId
          resolve(null)
          return kill()
        }
      })
    })
    await using running = place.start()
    // Found without being asked for again.
    const event = await running.event(({ type }) => type === 'lane.created')
    expect(event.lane?.id).toBe(started)
    await expectOne(running)
    const audit = await running.ops().daemon.log({ op: 'new' })
    expect(audit.entries).toMatchObject([
      { actor: 'client', outcome: 'app_server' },
      { actor: 'daemon', outcome: 'ok', detail: { callId: id, finished: true } },
      { actor: 'client', outcome: 'ok' },
    ])
  })

  it('when the lane was there without its name', async () => {
    await using place = await makePlace()
    await cut(place, (running) => running.event(({ type }) => type === 'lane.created'))
    await using running = place.start()
    await expectOne(running)
  })

  it('and Codex with it, before the lane had its name: the thread is gone, and made anew', async () => {
    await using place = await makePlace()
    let lost: string | undefined
    await cut(place, async (running) => {
      const { lane } = await running.event(({ type }) => type === 'lane.created')
      lost = lane?.id
      process.kill(running.codexPid(), 'SIGKILL')
    })
    await using running = place.start()
    await expectOne(running)
    const [lane] = (await running.ops().list({})).lanes
    // Where the name had arrived before the kill, it is the same one.
    const detached = running.store.lanes.get(lost ?? '') === null
    expect(lane?.id === lost).toBe(!detached)
  })
})

describe('fork, cut when Codex had made the thread', () => {
  it('is that thread, with the history that it goes on from', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', text: 'reply: said before', wait: true })
      const { insert } = first.store.lanes
      first.store.lanes.insert = kill
      await expect(first.ops({ id }).fork({ lane: '@a', name: 'b' })).rejects.toThrow('killed')
      first.store.lanes.insert = insert
    }
    await using running = place.start()
    const made = await running.ops({ id }).fork({ lane: '@a', name: 'b' })
    expect(made).toMatchObject({ handle: '@b', forkedFrom: { ref: expect.any(String) } })
    expect(made.lastTurnId).not.toBeNull()
    expect(await running.ops().get({ lane: '@b' })).toMatchObject({ lastMessage: 'said before' })
    const sent = await running.ops().send({ lane: '@b', text: 'reply: alive', wait: true })
    expect(sent.lastMessage).toBe('alive')
    const unmanaged = await running.ops().listUnmanaged({})
    expect(unmanaged.sessions).toEqual([])
  })
})
