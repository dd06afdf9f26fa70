import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Fault, makeGate, type Scenario } from '../src/index.ts'
import {
  connectSocket,
  makeHome,
  makeSocketServer,
  makeStdioClient,
  startLane,
  startTurn,
} from './fake.ts'

let stack: AsyncDisposableStack
let home: string
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  home = await makeHome(stack)
})
afterEach(() => stack.disposeAsync())

const withFaults = async (method: string, ...faults: Fault[]) =>
  makeStdioClient(stack, home, { methods: { [method]: faults } })

describe('a fault of a method', () => {
  it('is an error as often as it says, after as many good answers as it says', async () => {
    const overloaded = { code: -32001, message: 'Server overloaded; retry later.' }
    const { client } = await withFaults('model/list', {
      do: 'error',
      ...overloaded,
      skip: 1,
      times: 2,
    })
    const answers = []
    for (let at = 0; at < 4; at += 1) answers.push((await client.ask('model/list')).error)
    expect(answers).toEqual([undefined, overloaded, overloaded, undefined])
  })

  it('is garbage in the place of an answer, and the next call is well', async () => {
    const { client } = await withFaults('model/list', { do: 'text', text: 'no answer {' })
    client.send({ id: 99, method: 'model/list', params: {} })
    await expect(client.result('server/diagnostics')).resolves.toBeDefined()
    expect(client.lines).toContain('no answer {')
    expect((await client.ask('model/list')).result).toBeDefined()
  })

  it('is silence before or after the deed', async () => {
    const { client } = await withFaults(
      'thread/start',
      { do: 'silence' },
      { do: 'silence', when: 'after' },
    )
    client.send({ id: 98, method: 'thread/start', params: {} })
    client.send({ id: 99, method: 'thread/start', params: {} })
    await client.waitFor('thread/started')
    const { data } = await client.result('thread/loaded/list')
    expect(data).toHaveLength(1)
    expect(client.messages.some(({ id }) => id === 98 || id === 99)).toBe(false)
  })

  it('is an exit after the deed, before the answer', async () => {
    const { client, ended } = await withFaults('thread/name/set', {
      do: 'exit',
      when: 'after',
      code: 3,
    })
    const { thread } = await client.result('thread/start', {})
    const { id: threadId } = thread as { id: string }
    client.send({ id: 99, method: 'thread/name/set', params: { threadId, name: 'kept' } })
    expect(await ended).toEqual([3, null])
    const { client: next } = await makeStdioClient(stack, home)
    expect(await next.result('thread/read', { threadId })).toMatchObject({
      thread: { name: 'kept' },
    })
  })

  it('is a late answer, an invented one, and messages from nowhere', async () => {
    const { client } = await withFaults(
      'model/list',
      { do: 'delay', ms: 5 },
      { do: 'result', result: { invented: true } },
      {
        do: 'emit',
        when: 'answered',
        messages: [{ method: 'not/known', params: { threadId: '$threadId' } }],
      },
    )
    expect((await client.result('model/list'))['data']).toHaveLength(1)
    expect(await client.result('model/list')).toEqual({ invented: true })
    await client.result('model/list', { threadId: 't1' })
    expect((await client.waitFor('not/known')).params).toEqual({ threadId: 't1' })
  })

  it('waits at a gate until it is opened, and does nothing before', async () => {
    const path = join(home, 'gate')
    await using gate = await makeGate(path)
    const { client } = await withFaults('thread/start', { do: 'gate', path, times: 2 })
    const made = client.result('thread/start', {})
    await gate.reached
    expect(await client.result('thread/loaded/list')).toMatchObject({ data: [] })
    gate.open()
    expect(await made).toHaveProperty('thread')
    expect(await client.result('thread/start', {})).toHaveProperty('thread')
  })

  it('closes one connection and leaves the others', async () => {
    const scenario: Scenario = { methods: { 'model/list': [{ do: 'close' }] } }
    const { path } = await makeSocketServer(stack, home, scenario)
    const one = await connectSocket(stack, path)
    const other = await connectSocket(stack, path)
    one.send({ id: 99, method: 'model/list', params: {} })
    await one.ended
    expect(await other.result('model/list')).toBeDefined()
  })
})

describe('a fault of a turn', () => {
  it('fails with the given error', async () => {
    const error = { message: 'too much', codexErrorInfo: 'serverOverloaded' }
    const { client } = await makeStdioClient(stack, home, { turns: [{ error }] })
    await startTurn(client, await startLane(client), 'x')
    const done = await client.waitFor('turn/completed')
    expect(done.params?.['turn']).toMatchObject({ status: 'failed', error })
    expect((await client.waitFor('error')).params).toMatchObject({ willRetry: false })
  })

  it('tells its end late, of a thread that is idle', async () => {
    const endsAt = 'thread/turns/list'
    const { client } = await makeStdioClient(stack, home, { turns: [{ endsAt }] })
    const threadId = await startLane(client)
    await startTurn(client, threadId, 'x')
    const isIdle = ({ status }: Record<string, unknown>) =>
      (status as { type: string }).type === 'idle'
    await client.waitFor('thread/status/changed', isIdle)
    const { initialTurnsPage } = await client.result('thread/resume', {
      threadId,
      initialTurnsPage: { limit: 1 },
    })
    expect(initialTurnsPage).toMatchObject({ data: [{ status: 'inProgress' }] })
    expect(client.messages.some(({ method }) => method === 'turn/completed')).toBe(false)
    const { data } = await client.result(endsAt, { threadId })
    expect(data).toMatchObject([{ status: 'completed' }])
    expect(client.messages.at(-2)?.method).toBe('turn/completed')
  })

  it('takes the process with it just before the message is durable', async () => {
    const { client, ended } = await makeStdioClient(stack, home, {
      turns: [{ exitAt: 'userMessage/completed' }],
    })
    const threadId = await startLane(client)
    const { thread } = await client.result('thread/read', { threadId })
    await startTurn(client, threadId, 'lost')
    expect(await ended).toEqual([0, null])
    expect(await readFile((thread as { path: string }).path, 'utf8')).not.toContain('lost')
  })
})

describe('the whole server', () => {
  it('falls silent', async () => {
    // initialize, thread/start, thread/name/set
    const { client } = await makeStdioClient(stack, home, { silentAfterRequests: 3 })
    const threadId = await startLane(client)
    client.send({ id: 99, method: 'thread/archive', params: { threadId } })
    client.close()
    await client.ended
    expect(
      client.messages.some(({ id, method }) => id === 99 || method === 'thread/archived'),
    ).toBe(false)
  })

  it('floods at a pace', async () => {
    const { client } = await withFaults('model/list', {
      do: 'flood',
      threadIds: 'loaded',
      lines: 220,
      linesPerSecond: 1000,
    })
    const threads = [await startLane(client), await startLane(client)]
    await client.result('model/list')
    const { params } = await client.waitFor('fake/flood/ended')
    expect(params?.['lines']).toBe(220)
    expect(params?.['elapsedMs']).toBeGreaterThanOrEqual(200)
    const of = (method: string) => client.messages.filter((message) => message.method === method)
    expect(of('item/agentMessage/delta')).toHaveLength(200)
    expect(of('item/completed').map((found) => found.params?.['threadId'])).toEqual(
      Array.from({ length: 10 }, () => threads).flat(),
    )
  })

  it('cuts off a client that does not read', async () => {
    const { path } = await makeSocketServer(stack, home, {
      outboundLimit: 1000,
      methods: {
        'model/list': [{ do: 'flood', threadIds: ['t'], lines: 100_000, textLength: 200 }],
      },
    })
    const client = await connectSocket(stack, path)
    client.send({ id: 99, method: 'model/list', params: {} })
    await client.ended
    expect(client.messages.some(({ method }) => method === 'fake/flood/ended')).toBe(false)
  })
})
