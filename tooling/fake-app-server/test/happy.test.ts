import { access } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from './fake.ts'
import {
  connectSocket,
  makeHome,
  makeSocketServer,
  makeStdioClient,
  startLane,
  startTurn,
} from './fake.ts'
import { spawnFake } from './spawn.ts'

let stack: AsyncDisposableStack
let home: string
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  home = await makeHome(stack)
})
afterEach(() => stack.disposeAsync())

const isTurn = (id: string) => (params: Record<string, unknown>) =>
  (params['turn'] as { id?: string }).id === id

const completion = (client: Client, id: string) => client.waitFor('turn/completed', isTurn(id))

describe('as a program', () => {
  it('tells its version', async () => {
    const { child, ended } = spawnFake({}, ['--version'])
    let said = ''
    child.stdout.on('data', (data: Buffer) => (said += data.toString('utf8')))
    expect(await ended).toEqual([0, null])
    expect(said).toBe('codex-cli 0.169.0\n')
  })

  it('ends well when stdin is closed', async () => {
    const { client, ended } = await makeStdioClient(stack, home)
    client.close()
    expect(await ended).toEqual([0, null])
  })

  it('owns its socket alone, and takes it away at SIGTERM', async () => {
    const first = await makeSocketServer(stack, home)
    const second = await makeSocketServer(stack, home)
    expect(second.said).toContain('app-server control socket is already in use')
    expect(await second.ended).toEqual([1, null])
    first.child.kill('SIGTERM')
    expect(await first.ended).toEqual([0, null])
    await expect(access(first.path)).rejects.toThrow('ENOENT')
  })
})

describe('a turn', () => {
  it('comes in the order of the real server', async () => {
    const { client } = await makeStdioClient(stack, home)
    const threadId = await startLane(client)
    const before = client.messages.length
    const turnId = await startTurn(client, threadId, 'hello')
    await completion(client, turnId)
    expect(client.messages.slice(before).flatMap(({ method }) => method ?? [])).toEqual([
      'thread/status/changed',
      'turn/started',
      'item/started',
      'item/completed',
      'item/started',
      'item/agentMessage/delta',
      'item/completed',
      'thread/tokenUsage/updated',
      'thread/status/changed',
      'turn/completed',
    ])
    const { data } = await client.result('thread/items/list', { threadId })
    expect(data).toMatchObject([
      { turnId, item: { type: 'userMessage', clientId: 'for-hello' } },
      { turnId, item: { type: 'agentMessage', text: 'You said: hello' } },
    ])
  })

  it('is steered by a second turn/start, by turn/steer, and interrupted', async () => {
    const { client } = await makeStdioClient(stack, home, {
      turns: [{ stopAt: 'agentMessage/started' }],
    })
    const threadId = await startLane(client)
    const none = await client.ask('turn/interrupt', { threadId, turnId: 'x' })
    expect(none.error?.message).toBe('no active turn to interrupt')
    const turnId = await startTurn(client, threadId, 'one')
    await client.waitFor('turn/started', isTurn(turnId))
    expect(await startTurn(client, threadId, 'two')).toBe(turnId)
    const input = [{ type: 'text', text: 'three' }]
    const wrong = await client.ask('turn/steer', { threadId, expectedTurnId: 'no', input })
    expect(wrong.error?.message).toContain(`but found \`${turnId}\``)
    await client.result('turn/steer', { threadId, expectedTurnId: turnId, input })
    await client.result('turn/interrupt', { threadId, turnId })
    const done = await completion(client, turnId)
    expect(done.params?.['turn']).toMatchObject({ status: 'interrupted', items: [] })
    const { data } = await client.result('thread/items/list', { threadId })
    expect(data).toHaveLength(3)
  })

  it('asks, asks again of who joins, and goes on with the answer', async () => {
    const request = {
      method: 'item/commandExecution/requestApproval',
      params: { threadId: '$threadId' },
    }
    const { path } = await makeSocketServer(stack, home, { turns: [{ request }] })
    const client = await connectSocket(stack, path)
    const threadId = await startLane(client)
    const turnId = await startTurn(client, threadId, 'run it')
    const asked = await client.waitFor(request.method)
    const other = await connectSocket(stack, path)
    await other.result('thread/resume', { threadId })
    const again = await other.waitFor(request.method)
    expect([asked.params, again.id]).toEqual([{ threadId }, asked.id])
    other.send({ id: again.id, result: { decision: 'accept' } })
    expect((await completion(client, turnId)).params?.['turn']).toMatchObject({
      status: 'completed',
    })
  })
})

describe('a restart', () => {
  it('keeps named threads and their turns; what ran reads as interrupted', async () => {
    const first = await makeSocketServer(stack, home, {
      turns: [{}, { stopAt: 'agentMessage/started' }],
    })
    const client = await connectSocket(stack, first.path)
    const threadId = await startLane(client)
    await completion(client, await startTurn(client, threadId, 'one'))
    const cut = await startTurn(client, threadId, 'two')
    await client.waitFor('item/completed', ({ turnId }) => turnId === cut)
    await client.result('thread/goal/set', { threadId, objective: 'Ship', status: 'paused' })
    const pristine = await client.result('thread/start', {})
    first.child.kill('SIGKILL')
    await first.ended

    const { path } = await makeSocketServer(stack, home)
    const next = await connectSocket(stack, path)
    expect(await next.result('thread/loaded/list')).toEqual({ data: [], nextCursor: null })
    const { id: lost } = pristine['thread'] as { id: string }
    const gone = await next.ask('thread/resume', { threadId: lost })
    expect(gone.error?.message).toBe(`no rollout found for thread id ${lost}`)
    const resumed = await next.result('thread/resume', {
      threadId,
      excludeTurns: true,
      initialTurnsPage: { limit: 1 },
    })
    expect(resumed).toMatchObject({
      thread: { name: 'lane', status: { type: 'idle' }, turns: [] },
      initialTurnsPage: { data: [{ id: cut, status: 'interrupted', completedAt: null }] },
    })
    expect(await next.result('thread/goal/get', { threadId })).toMatchObject({
      goal: { objective: 'Ship', status: 'paused' },
    })
  })
})

it('pages, archives, unsubscribes and tells its diagnostics', async () => {
  const { client, child } = await makeStdioClient(stack, home)
  const threadId = await startLane(client)
  for (const text of ['a', 'b', 'c'])
    await completion(client, await startTurn(client, threadId, text))
  const page = await client.result('thread/turns/list', { threadId, limit: 2 })
  expect(page['data']).toMatchObject([{ items: [{ clientId: 'for-c' }, {}] }, {}])
  const rest = await client.result('thread/turns/list', { threadId, cursor: page['nextCursor'] })
  expect(rest).toMatchObject({ data: [{ items: [{ clientId: 'for-a' }, {}] }], nextCursor: null })
  expect(await client.result('thread/unsubscribe', { threadId })).toEqual({
    status: 'unsubscribed',
  })
  await client.result('thread/archive', { threadId })
  const refused = await client.ask('thread/resume', { threadId })
  expect(refused.error?.message).toContain('is archived')
  await client.result('thread/unarchive', { threadId })
  await client.result('thread/resume', { threadId })
  expect(await client.result('server/diagnostics')).toMatchObject({
    process: { id: child.pid },
    gauges: [
      { name: 'app.requests.in_flight', value: 1 },
      { value: 0 },
      { value: 1 },
      { value: 0 },
    ],
  })
})
