import { describe, expect, it } from 'vitest'
import { makePlace } from './composed.ts'

const command = 'item/commandExecution/requestApproval'

describe('a Codex that asks nonsense', () => {
  it.each([
    ['a request without what it is about', command, {}],
    ['parameters that are no object', 'item/tool/requestUserInput', ['x']],
    ['a method that nobody knows', 'thread/takeOver', { threadId: '$threadId' }],
    ['the name of something of every object', 'constructor', { threadId: '$threadId' }],
    ['one that is longer than any', 'x'.repeat(100_000), { threadId: '$threadId' }],
    ['a tool call that nobody offered', 'item/tool/call', { threadId: '$threadId' }],
    ['credentials', 'account/chatgptAuthTokens/refresh', { reason: 'unauthorized' }],
  ])('%s: is answered at once, with a row of the audit trail', async (_, method, params) => {
    await using place = await makePlace({
      scenario: { turns: [{ reply: 'on', request: { method, params } }] },
    })
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'x', wait: true })
    expect(made).toMatchObject({ lastMessage: 'on', error: null })
    const { entries } = await running.ops().daemon.log({ outcome: 'refused' })
    expect(entries).toMatchObject([{ actor: 'daemon', op: `request.${method.slice(0, 100)}` }])
    expect((await running.ops().request.list({ state: 'all' })).requests).toEqual([])
  })

  it('megabytes of a command: keeps a part of it, and says so', async () => {
    const text = 'x '.repeat(2_000_000)
    await using place = await makePlace({
      scenario: {
        turns: [
          {
            reply: 'on',
            request: {
              method: command,
              params: { threadId: '$threadId', turnId: '$turnId', itemId: 'i', command: text },
            },
          },
        ],
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'x', requests: 'permissive' })
    await running.ops().wait({ lanes: ['@a'], until: 'approval' })
    const [request] = (await running.ops().request.list({})).requests
    expect(request).toMatchObject({ truncated: true, state: 'pending' })
    expect(JSON.stringify(request).length).toBeLessThan(140_000)
    await running.ops().request.approve({ id: request?.id ?? '' })
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ lastMessage: 'on' }])
  })

  it('of the older protocol, and is answered in it', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [
          {
            reply: 'on',
            request: {
              method: 'execCommandApproval',
              params: { conversationId: '$threadId', callId: 'c', command: ['ls'], cwd: '/' },
            },
          },
        ],
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'x' })
    await running.ops().wait({ lanes: ['@a'], until: 'approval' })
    const [request] = (await running.ops().request.list({ lane: '@a' })).requests
    expect(request).toMatchObject({ kind: 'command', command: 'ls', turnId: null })
    await running.ops().request.deny({ id: request?.id ?? '' })
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ lastMessage: 'on' }])
  })

  it('and ends the turn without an answer: nothing is left open', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'done', stopAt: 'agentMessage/started' }, { reply: 'next' }],
        methods: {
          'turn/start': [
            {
              do: 'emit',
              when: 'answered',
              messages: [
                {
                  id: 7,
                  method: 'mcpServer/elicitation/request',
                  params: {
                    threadId: '$threadId',
                    turnId: '$turnId',
                    serverName: 's',
                    mode: 'url',
                  },
                },
              ],
            },
          ],
        },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'x' })
    await running.ops().wait({ lanes: ['@a'], until: 'approval' })
    await running.ops().stop({ lane: '@a' })
    await running.event(({ type }) => type === 'request.closed')
    const { requests } = await running.ops().request.list({ state: 'all' })
    expect(requests).toMatchObject([{ state: 'withdrawn' }])
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      status: 'idle',
      pendingRequests: 0,
    })
  })
})
