import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCodexHarness } from './codex-thread.ts'
import type { CodexHarness } from './codex-thread.ts'

let codex: CodexHarness
beforeAll(async () => {
  codex = await makeCodexHarness()
})
afterAll(() => codex[Symbol.asyncDispose]())

const deltasOf = (turnId: string) =>
  codex.server.messages
    .filter(({ method, params }) => {
      return method === 'item/agentMessage/delta' && params?.['turnId'] === turnId
    })
    .map(({ params }) => params?.['delta'])

describe('what the model says', () => {
  it('reply: is answered to the letter', async () => {
    const thread = await codex.thread()
    const turn = await thread.run('reply: hello\nand more')
    expect(turn).toMatchObject({ status: 'completed', items: [{ text: 'hello\nand more' }] })
  })

  it('stream: and type: come in their pieces', async () => {
    const thread = await codex.thread()
    const turn = await thread.run('stream: 4x1ms tick\ntype: 1ms one two three')
    expect(deltasOf(turn.id).join('|')).toBe('tick |tick |tick |tick |one |two |three')
  })

  it('reason: gives a reasoning item, then a reply', async () => {
    const thread = await codex.thread()
    const turn = await thread.run('reason: thinking hard')
    expect(thread.itemTypes(turn.id)).toEqual(['userMessage', 'reasoning', 'agentMessage'])
  })

  it('anything else is quoted, and never the context that Codex adds', async () => {
    const thread = await codex.thread({ developerInstructions: 'You are lane 7.' })
    const turn = await thread.run('what is the weather?')
    expect(turn.items).toMatchObject([{ text: 'You said: what is the weather?' }])
    const request = codex.simulator.requests.find(({ turnId }) => turnId === turn.id)
    expect(request?.userTexts).toEqual(['what is the weather?'])
    expect(request?.instructions).toContain('You are lane 7.')
  })

  it('a requested schema is met', async () => {
    const thread = await codex.thread()
    const outputSchema = {
      type: 'object',
      properties: { verdict: { enum: ['yes', 'no'] }, why: { type: 'string' } },
      required: ['verdict', 'why'],
      additionalProperties: false,
    }
    const input = [{ type: 'text', text: 'decide' }]
    await codex.server.call('turn/start', { threadId: thread.id, input, outputSchema })
    const request = await codex.simulator.waitForRequest(({ threadId }) => threadId === thread.id)
    expect(request.schema).toEqual(outputSchema)
    const done = await codex.server.waitFor('turn/completed', (params) => {
      return params['threadId'] === thread.id
    })
    const turn = done.params?.['turn'] as { items: { text: string }[] } | undefined
    expect(JSON.parse(turn?.items[0]?.text ?? '')).toEqual({
      verdict: 'yes',
      why: 'You said: decide',
    })
  })

  it('a scenario speaks in the place of the message, and a goal turn is told apart', async () => {
    await using own = await makeCodexHarness()
    own.simulator.setScenario(({ prompt }) =>
      prompt?.kind === 'goal'
        ? 'tool: update_goal {"status":"complete"}\nreply: reached'
        : undefined,
    )
    const thread = await own.thread()
    await own.server.call('thread/name/set', { threadId: thread.id, name: 'goal' })
    await own.server.call('thread/goal/set', { threadId: thread.id, objective: 'Ship it' })
    const request = await own.simulator.waitForRequest(({ prompt }) => prompt?.kind === 'goal')
    expect(request.prompt?.text).toBe('Ship it')
    const turn = await thread.ended(request.turnId ?? '')
    expect(turn.items).toMatchObject([{ text: 'reached' }])
  })
})

describe('what the model does', () => {
  // Unknown models are offered each tool by itself, newer known ones a JavaScript `exec`.
  it.for(['simulated-model', 'gpt-5.5', 'gpt-6.1-sol'])(
    'shell: and patch: of %s',
    async (model) => {
      const thread = await codex.thread({ model })
      const shell = await thread.run('shell: echo "$((40 + 2))"')
      expect(thread.itemTypes(shell.id)).toContain('commandExecution')
      expect(shell.items[0]?.text).toMatch(/\b42\b/)
      const patch = await thread.run(`patch: ${model}.txt\nhello\nreply: patched`)
      expect(thread.itemTypes(patch.id)).toEqual(['userMessage', 'fileChange', 'agentMessage'])
      expect(await readFile(join(thread.cwd, `${model}.txt`), 'utf8')).toBe('hello\n')
    },
  )

  it('shell-escalated: asks for approval, and goes on when it is given', async () => {
    const thread = await codex.thread()
    const turnId = await thread.start('shell-escalated: echo free\nreply: done')
    const request = await codex.server.waitFor(
      'item/commandExecution/requestApproval',
      (params) => {
        return params['turnId'] === turnId
      },
    )
    codex.server.answer(request, { decision: 'accept' })
    expect(await thread.ended(turnId)).toMatchObject({ items: [{ text: 'done' }] })
    expect(thread.itemTypes(turnId)).toContain('commandExecution')
  })

  it('tool: calls a dynamic tool with its arguments', async () => {
    const inputSchema = { type: 'object', properties: { q: { type: 'string' } } }
    const ask = { type: 'function', name: 'lane_ask', description: 'asks', inputSchema }
    const thread = await codex.thread({ dynamicTools: [ask] })
    const turnId = await thread.start('tool: lane_ask {"q":"who?"}')
    const request = await codex.server.waitFor('item/tool/call', (params) => {
      return params['turnId'] === turnId
    })
    expect(request.params).toMatchObject({ tool: 'lane_ask', arguments: { q: 'who?' } })
    const contentItems = [{ type: 'inputText', text: 'you' }]
    codex.server.answer(request, { success: true, contentItems })
    expect((await thread.ended(turnId)).items[0]?.text).toContain('you')
  })
})

describe('a message into a running turn', () => {
  it('gate: holds the answer; steering breaks it off and is known as steering', async () => {
    const thread = await codex.thread()
    const turnId = await thread.start('gate: held')
    await codex.simulator.waitForGate('held')
    const input = [{ type: 'text', text: 'reply: steered' }]
    await codex.server.call('turn/steer', { threadId: thread.id, expectedTurnId: turnId, input })
    expect((await thread.ended(turnId)).items).toMatchObject([{ text: 'steered' }])
    const asked = codex.simulator.requests.filter((request) => request.turnId === turnId)
    expect(asked.map(({ prompt }) => prompt?.kind)).toEqual(['user', 'steer'])
  })

  it('gate: goes on when it is opened', async () => {
    const thread = await codex.thread()
    const turnId = await thread.start('gate: shown')
    await codex.simulator.waitForGate('shown')
    codex.simulator.open('shown')
    expect((await thread.ended(turnId)).items).toMatchObject([
      { text: 'gate shown: waiting, opened' },
    ])
  })
})
