// An App Server that says garbage, hangs up in the middle of a call, or floods: told, joined again, taken
// in; and what is asked of the daemon meanwhile is answered.
import { expect, it } from 'vitest'
import type { Log } from '../../src/log/log.ts'
import { makePlace, type RunningDaemon } from '../composed.ts'

const LINES = 60_000

const counting = () => {
  const counts: Record<string, number> = {}
  const count = (message: string): void => void (counts[message] = (counts[message] ?? 0) + 1)
  const log: Log = { debug: count, info: count, warn: count, error: count }
  return { log, counts }
}

const eventsSoFar = async (running: RunningDaemon): Promise<string[]> => {
  const { lastCursor } = await running.ops().daemon.status({})
  const leaving = new AbortController()
  const call = { signal: leaving.signal, after: null } as never
  const types: string[] = []
  for await (const { data } of running.daemon.services.watchFollow({ after: '0' }, call)) {
    if (data) types.push(data.type)
    if (data?.cursor === lastCursor) leaving.abort()
  }
  return types
}

const countOf = (types: readonly string[], wanted: string): number =>
  types.filter((type) => type === wanted).length

it('garbage in the place of an answer is reported, and everything else goes on', async () => {
  const { log, counts } = counting()
  const garbage = ['no json at all {{{', '[]', '"text"', '{"id":"nobody","result":{}}', '\u0000']
  await using place = await makePlace({
    log,
    scenario: {
      turns: [{ reply: 'hi' }],
      methods: { 'model/list': garbage.map((text) => ({ do: 'text', text, times: 1 })) },
    },
  })
  await using running = place.start()
  const { codex } = await running.ops().daemon.status({})
  await running.ops().new({ name: 'a', send: false })
  const leaving = new AbortController()
  const asked = garbage.map(() => running.ops({ signal: leaving.signal }).models({}))
  const sent = await running.ops().send({ lane: '@a', text: 'x', wait: true })
  expect(sent.lastMessage).toBe('hi')
  leaving.abort()
  for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected')
  const after = await running.ops().daemon.status({})
  expect(after).toMatchObject({ status: 'running' })
  expect(after.codex.pid).toBe(codex.pid ?? after.codex.pid)
  console.log(`garbage: ${counts['codex.fault'] ?? 0} of ${garbage.length} lines were faults`)
  expect(counts['codex.fault']).toBeGreaterThanOrEqual(1)
  expect(counts['codex.lost']).toBeUndefined()
})

it('a connection that ends under a call is joined again, and the message is there once', async () => {
  await using place = await makePlace({
    scenario: {
      turns: [{ reply: 'hi' }],
      methods: { 'turn/start': [{ do: 'close', when: 'after', times: 1 }] },
    },
  })
  await using running = place.start()
  const made = await running.ops().new({ name: 'a', text: 'x', wait: true })
  expect(made).toMatchObject({ lastMessage: 'hi', delivery: { state: 'accepted' } })
  const types = await eventsSoFar(running)
  const figures = {
    lost: countOf(types, 'codex.lost'),
    joined: countOf(types, 'codex.joined'),
    started: countOf(types, 'turn.started'),
    completed: countOf(types, 'turn.completed'),
    accepted: countOf(types, 'delivery.accepted'),
  }
  console.log('the connection ended under turn/start:', figures)
  expect(figures).toEqual({ lost: 1, joined: 1, started: 1, completed: 1, accepted: 1 })
})

it('a flood is taken in whole, and reads are answered beside it', async () => {
  await using place = await makePlace({
    scenario: {
      turns: [{ reply: 'hi' }],
      methods: { 'model/list': [{ do: 'flood', threadIds: 'loaded', lines: LINES }] },
    },
  })
  await using running = place.start()
  await running.ops().new({ name: 'a', text: 'x', wait: true })
  const lastItem = running.event(
    ({ type, data }) =>
      type === 'item.completed' && String(data.id).endsWith(`-${Math.floor((LINES - 1) / 11) - 1}`),
  )
  let isOver = false
  void lastItem.then(() => (isOver = true))
  const since = performance.now()
  await running.ops().models({})
  const reads: number[] = []
  while (!isOver) {
    const before = performance.now()
    expect((await running.ops().list({})).lanes).toMatchObject([{ handle: '@a' }])
    reads.push(performance.now() - before)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const seconds = (performance.now() - since) / 1_000
  const types = await eventsSoFar(running)
  const items = countOf(types, 'item.completed')
  const sorted = reads.toSorted((a, b) => a - b)
  console.log(
    `a flood of ${LINES} lines: ${items} items kept, ${Math.round(LINES / seconds)} lines/s; list beside it: ${sorted[Math.floor(sorted.length / 2)]?.toFixed(1)} ms (median of ${sorted.length}), ${sorted.at(-1)?.toFixed(1)} ms (worst)`,
  )
  // Two of the turn itself.
  expect(items).toBe(Math.floor(LINES / 11) + 2)
  expect(countOf(types, 'codex.lost')).toBe(0)
})

it('a server that answers nothing while a turn runs is found and replaced, beside reads', async () => {
  await using place = await makePlace({
    scenario: {
      turns: [{ stopAt: 'turn/started' }, { reply: 'hi' }],
      methods: { 'server/diagnostics': [{ do: 'silence', times: 'always' }] },
    },
  })
  await using running = place.start()
  await running.ops().new({ name: 'a', send: false })
  const first = await running.event(({ type }) => type === 'codex.started')
  const sending = running.ops().send({ lane: '@a', text: 'x' })
  const since = performance.now()
  const lost = running.event(({ type }) => type === 'codex.lost')
  let isFound = false
  void lost.then(() => (isFound = true))
  const reads: number[] = []
  while (!isFound) {
    const before = performance.now()
    expect((await running.ops().list({})).lanes).toMatchObject([{ handle: '@a' }])
    reads.push(performance.now() - before)
    await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 50))])
  }
  const seconds = (performance.now() - since) / 1_000
  await running.event(({ type, data }) => type === 'codex.started' && data.pid !== first.data.pid)
  await sending
  const judged = await running.event(({ type }) => type === 'delivery.failed')
  expect(judged.data.failure).toContain('not in the history')
  const sorted = reads.toSorted((a, b) => a - b)
  console.log(
    `a server that answered nothing was found after ${seconds.toFixed(1)} s; list meanwhile: ${sorted[Math.floor(sorted.length / 2)]?.toFixed(1)} ms (median of ${sorted.length}), ${sorted.at(-1)?.toFixed(1)} ms (worst)`,
  )
})
