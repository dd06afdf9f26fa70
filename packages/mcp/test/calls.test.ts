// Calls of tools: whose they are, what destroys, how they are refused, given up and told about.
import { DispatchError } from '@dispatch/contract/errors'
import { describe, expect, test } from 'vitest'
import { connectHost, errorOf } from './host.ts'

const write = (op: string, more: Record<string, unknown> = {}) => ({
  name: 'dispatch_thread_write',
  arguments: { op, ...more },
})
const destroy = (op: string, more: Record<string, unknown> = {}) => ({
  name: 'dispatch_thread_destroy',
  arguments: { op, ...more },
})

describe('whose a call is', () => {
  test.each([
    [{ threadId: 'thread-a' }, 'thread-a'],
    [{ 'x-codex-turn-metadata': { thread_id: 'thread-b' } }, 'thread-b'],
    [{ threadId: 'thread-a', 'x-codex-turn-metadata': { thread_id: 'thread-b' } }, 'thread-a'],
    [{ threadId: '' }, 'of-this-process'],
    [{ threadId: 7 }, 'of-this-process'],
    [{}, 'of-this-process'],
  ])('%j is %s', async (_meta, thread) => {
    await using host = await connectHost({ answer: () => ({}) })
    await host.client.callTool({ ...write('send', { lane: 'a', text: 'b' }), _meta })
    expect(host.asked).toMatchObject([{ path: 'send', thread }])
  })

  test('many threads share this process, each under its own name', async () => {
    await using host = await connectHost({ answer: () => ({}) })
    const threads = ['one', 'two', 'one']
    for (const threadId of threads) {
      await host.client.callTool({ ...write('release', { lane: 'a' }), _meta: { threadId } })
    }
    expect(host.asked.map(({ thread }) => thread)).toEqual(threads)
  })
})

describe('what destroys', () => {
  test('is asked for twice', async () => {
    await using host = await connectHost({ answer: () => ({}) })
    const refused = await host.client.callTool(destroy('archive', { lane: 'a' }))
    expect(refused.isError).toBe(true)
    expect(errorOf(refused)).toMatchObject({
      code: 'validation',
      message: 'op archive (lane: "a") destroys: it needs confirm: true.',
    })
    expect(errorOf(refused).details).toEqual({ field: 'confirm' })
    expect(host.asked).toEqual([])
    await host.client.callTool(destroy('archive', { lane: 'a', confirm: true }))
    expect(host.asked).toMatchObject([{ path: 'archive', kind: 'mutation', input: { lane: 'a' } }])
  })

  test('says what is lost, and is no question where nothing is', async () => {
    let destroys = true
    await using host = await connectHost({
      answer: ({ path }) =>
        path === 'detachPlan' ? { destroys, losses: ['2 messages wait.'] } : { ref: 'r' },
    })
    const refused = await host.client.callTool(destroy('detach', { lane: 'a' }))
    expect(errorOf(refused)).toMatchObject({
      message: expect.stringContaining('2 messages wait.') as string,
      details: { losses: ['2 messages wait.'] },
    })
    destroys = false
    const done = await host.client.callTool(destroy('detach', { lane: 'a' }))
    expect(done.structuredContent).toEqual({ ref: 'r' })
    expect(host.asked.map(({ path }) => path)).toEqual(['detachPlan', 'detachPlan', 'detach'])
  })
})

describe('an answer', () => {
  test('of the daemon that is an error is its body, as structure and as text', async () => {
    await using host = await connectHost({
      answer: () => {
        throw new DispatchError('lane_busy', 'It works.', { hint: 'Wait.', details: { ref: 'r' } })
      },
    })
    const { isError, structuredContent, content } = await host.client.callTool(
      write('send', { lane: 'a', text: 'b' }),
    )
    const error = {
      code: 'lane_busy',
      message: 'It works.',
      hint: 'Wait.',
      retryable: true,
      details: { ref: 'r' },
    }
    expect(isError).toBe(true)
    expect(structuredContent).toEqual({ error })
    expect(content).toEqual([{ type: 'text', text: JSON.stringify({ error }) }])
  })

  test('with a bad verdict is an error, and whole', async () => {
    const error = {
      code: 'timeout',
      message: 'Too late.',
      hint: 'dispatch get @a',
      retryable: true,
      details: null,
    }
    await using host = await connectHost({ answer: () => ({ met: false, lanes: [], error }) })
    const wait = { name: 'dispatch_thread_read', arguments: { op: 'wait', lanes: ['a'] } }
    const said = { ...error, hint: 'dispatch_thread_read {"op":"get","lane":"@a"}' }
    expect(await host.client.callTool(wait)).toMatchObject({
      isError: true,
      structuredContent: { met: false, lanes: [], error: said },
    })
  })

  test('has calls for commands in its notes and warnings', async () => {
    await using host = await connectHost({
      answer: () => ({
        lanes: [],
        notes: ['dispatch get @a shows it.'],
        warnings: ['dispatch up'],
      }),
    })
    const { structuredContent, content } = await host.client.callTool(write('stop', { lane: 'a' }))
    const said = {
      lanes: [],
      notes: ['dispatch_thread_read {"op":"get","lane":"@a"} shows it.'],
      warnings: ['dispatch up'],
    }
    expect(structuredContent).toEqual(said)
    expect(content).toEqual([{ type: 'text', text: JSON.stringify(said) }])
  })

  test('of an op that is done here is checked as in the daemon', async () => {
    await using host = await connectHost({
      local: async (op, input) => ({ op, input }),
    })
    const schema = (more: object) => ({
      name: 'dispatch_daemon_read',
      arguments: { op: 'schema', ...more },
    })
    const refused = await host.client.callTool(schema({ all: 'yes' }))
    expect(errorOf(refused)).toMatchObject({
      code: 'validation',
      message: 'all must be boolean.',
      details: { issues: [{ path: ['all'], message: 'must be boolean' }] },
    })
    const { structuredContent } = await host.client.callTool(schema({ command: ['send'] }))
    expect(structuredContent).toEqual({ op: 'schema', input: { command: ['send'] } })
    expect(host.asked).toEqual([])
  })

  test('is none where there is no such tool', async () => {
    await using host = await connectHost()
    await expect(host.client.callTool({ name: 'dispatch_nothing' })).rejects.toMatchObject({
      code: -32_602,
      message: 'MCP error -32602: There is no tool dispatch_nothing',
    })
  })
})

test('a call that is cancelled ends in the daemon', async () => {
  const { promise: begun, resolve: onBegun } = Promise.withResolvers<AbortSignal>()
  await using host = await connectHost({
    answer: (_, signal) => {
      onBegun(signal)
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    },
  })
  const cancelling = new AbortController()
  const options = { signal: cancelling.signal }
  const calling = host.client.callTool(write('compact', { lane: 'a' }), undefined, options)
  const refused = expect(calling).rejects.toThrow('enough')
  const signal = await begun
  cancelling.abort('enough')
  await refused
  const ended = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
  await ended
})

test('a call that takes long tells the events of its lanes', async () => {
  const { promise: told, resolve: onTold } = Promise.withResolvers<void>()
  const followed: unknown[] = []
  await using host = await connectHost({
    answer: () => told.then(() => ({ met: true, lanes: [], error: null })),
    async *events(path, input) {
      followed.push({ path, input })
      yield { type: 'turn.started', lane: { handle: '@a', id: 'id', ref: 'ref' }, data: {} }
    },
  })
  const messages: string[] = []
  const seen: number[] = []
  await host.client.callTool(
    { name: 'dispatch_thread_read', arguments: { op: 'wait', lanes: ['@a'], timeoutSeconds: 9 } },
    undefined,
    {
      onprogress: ({ progress, total, message = '' }) => {
        seen.push(progress)
        messages.push(message)
        expect(total).toBe(9)
        if (messages.includes('@a: turn.started')) onTold()
      },
    },
  )
  expect(messages.slice(0, 2)).toEqual(['wait: 1 s', '@a: turn.started'])
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(followed).toEqual([{ path: 'watchFollow', input: { lanes: ['@a'], deltas: false } }])
})
