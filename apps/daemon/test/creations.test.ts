// new, where the answer of Codex is lost on its way while the daemon lives.
import { describe, expect, it } from 'vitest'
import { makePlace, type RunningDaemon } from './composed.ts'

const id = '01900000-0000-7000-8000-00000000aaaa'

const loaded = async (running: { daemon: { link: { current(): unknown } } }): Promise<string[]> => {
  const client = running.daemon.link.current() as {
    request(method: string, params: object): Promise<{ data: string[] }>
  }
  return (await client.request('thread/loaded/list', {})).data
}

const threadOf = (running: RunningDaemon) => running.store.creations.get(id)?.threadId

describe('a lane whose thread was started without an answer', () => {
  it('is the thread that Codex made, when the connection was lost behind it', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'hi' }],
        methods: { 'thread/start': [{ do: 'close', when: 'after' }] },
      },
    })
    await using running = place.start()
    const made = await running.ops({ id }).new({ name: 'a', text: 'x', wait: true })
    expect(made).toMatchObject({ handle: '@a', lastMessage: 'hi', error: null })
    expect(await loaded(running)).toEqual([made.id])
    expect(running.store.creations.get(id)).toMatchObject({ state: 'done', threadId: made.id })
    expect(running.store.creations.get(id)?.draft).toBeNull()
    // The same call once more.
    const again = await running.ops({ id }).new({ name: 'a', text: 'x', wait: true })
    expect(again).toMatchObject({ id: made.id, lastMessage: 'hi' })
  })

  it('is none when Codex never had the call; the same call then makes one', async () => {
    await using place = await makePlace({
      scenario: { methods: { 'thread/start': [{ do: 'close', when: 'before' }] } },
    })
    await using running = place.start()
    await expect(running.ops({ id }).new({ name: 'a' })).rejects.toMatchObject({
      cause: { code: 'app_server' },
    })
    expect((await running.ops().list({})).lanes).toEqual([])
    expect(running.store.creations.get(id)?.state).toBe('absent')
    const made = await running.ops({ id }).new({ name: 'a' })
    expect(await loaded(running)).toEqual([made.id])
  })

  it('is none after a no, and its id is free', async () => {
    await using place = await makePlace({
      scenario: { methods: { 'thread/start': [{ do: 'error', code: -32600, message: 'no' }] } },
    })
    await using running = place.start()
    await expect(running.ops({ id }).new({ name: 'a' })).rejects.toMatchObject({
      cause: { code: 'app_server', message: expect.stringContaining('no') },
    })
    expect(running.store.creations.get(id)).toBeNull()
    expect((await running.ops({ id }).new({ name: 'b' })).handle).toBe('@b')
  })
})

describe('a lane whose name Codex did not take', () => {
  it('is told, and gets its name from the same call made again', async () => {
    await using place = await makePlace({
      scenario: {
        methods: { 'thread/name/set': [{ do: 'error', code: -32603, message: 'disk full' }] },
      },
    })
    await using running = place.start()
    await expect(running.ops({ id }).new({ name: 'a' })).rejects.toMatchObject({
      cause: { code: 'app_server', details: { lane: { handle: '@a' } } },
    })
    expect(running.store.creations.get(id)?.state).toBe('registered')
    const made = await running.ops({ id }).new({ name: 'a' })
    expect(running.store.creations.get(id)).toMatchObject({ state: 'done', threadId: made.id })
    expect(await loaded(running)).toEqual([made.id])
  })

  it('is made anew where Codex takes the name, but has no rollout of the thread', async () => {
    const message = 'no rollout found for thread id x'
    await using place = await makePlace({
      scenario: {
        methods: {
          'thread/name/set': [{ do: 'error', code: -32603, message: 'disk full' }],
          'thread/resume': [{ do: 'error', code: -32600, message }],
        },
      },
    })
    await using running = place.start()
    await expect(running.ops({ id }).new({ name: 'a' })).rejects.toMatchObject({
      cause: { code: 'app_server' },
    })
    const lost = threadOf(running)
    const made = await running.ops({ id }).new({ name: 'a' })
    expect(made.id).not.toBe(lost)
    expect((await running.ops().list({})).lanes).toMatchObject([{ id: made.id }])
    expect(threadOf(running)).toBe(made.id)
  })
})

describe('the id of a call', () => {
  it('is bound to its input, while it is carried out and afterwards', async () => {
    await using place = await makePlace({ scenario: {} })
    await using running = place.start()
    const first = running.ops({ id }).new({ name: 'a' })
    const other = running.ops({ id }).new({ name: 'b' })
    const conflict = { cause: { code: 'conflict', details: { callId: id } } }
    const [made, refused] = await Promise.allSettled([first, other])
    expect(made).toMatchObject({ status: 'fulfilled', value: { handle: '@a' } })
    expect(refused).toMatchObject({ status: 'rejected', reason: conflict })
    await expect(running.ops({ id }).new({ name: 'b' })).rejects.toMatchObject(conflict)
    await expect(running.ops({ id }).new({ name: 'a' })).resolves.toMatchObject({ handle: '@a' })
  })
})

it('a run with the id of another call leaves the lane of that call alone', async () => {
  await using place = await makePlace({
    scenario: { turns: [{ stopAt: 'agentMessage/started' }] },
  })
  await using running = place.start()
  const made = await running.ops({ id }).new({ name: 'a', text: 'go' })
  await expect(running.ops({ id }).run({ text: 'other' })).rejects.toMatchObject({
    cause: { code: 'conflict' },
  })
  expect(running.store.lanes.get(made.id)).toMatchObject({ status: 'busy', archivedAt: null })
})

it('many at once are put on disk one in a round of the event loop', async () => {
  let round = 0
  let counting = true
  const count = (): void => {
    round += 1
    if (counting) setImmediate(count)
  }
  const rounds = new Map<number, number>()
  await using place = await makePlace({
    scenario: {},
    registry: (store) => ({
      ...store,
      durable: (fn) => {
        rounds.set(round, (rounds.get(round) ?? 0) + 1)
        return store.durable(fn)
      },
    }),
  })
  await using running = place.start()
  await running.ops().new({ name: 'first' })
  rounds.clear()
  setImmediate(count)
  const names = Array.from({ length: 20 }, (_, index) => `l${index}`)
  const made = await Promise.all(names.map((name) => running.ops().new({ name, send: false })))
  counting = false
  expect(made.map(({ handle }) => handle)).toEqual(names.map((name) => `@${name}`))
  const commits = [...rounds.values()].reduce((sum, one) => sum + one, 0)
  expect(commits).toBeGreaterThanOrEqual(names.length * 2)
  expect(Math.max(...rounds.values())).toBe(1)
})
