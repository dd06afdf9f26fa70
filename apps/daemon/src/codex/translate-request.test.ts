import { describe, expect, it } from 'vitest'
import { notificationToChanges } from './translate-changes.ts'
import { requestToFact, requestToThread } from './translate-request.ts'

const place = { threadId: 't', turnId: 'u', itemId: 'i' }
const told = (method: string, params: unknown) => requestToFact(method, params, () => null)
const command = 'item/commandExecution/requestApproval'
const elicitation = 'mcpServer/elicitation/request'

describe('a request in our words', () => {
  it('about a host names it and what a rule would allow', () => {
    expect(
      told(command, {
        ...place,
        networkApprovalContext: { host: 'example.com', protocol: 'https' },
        proposedNetworkPolicyAmendments: [
          { host: 'example.com', action: 'deny' },
          { host: 'example.com', action: 'allow' },
        ],
      })?.ask,
    ).toMatchObject({
      summary: 'network: example.com',
      network: { host: 'example.com', protocol: 'https' },
      rule: ['example.com'],
    })
  })

  it('is summed up without the shell that runs it, and has the whole command', () => {
    const asked = "/bin/bash -lc 'touch x'"
    expect(told(command, { ...place, command: asked })?.ask).toMatchObject({
      summary: 'touch x',
      command: asked,
    })
    const before = { conversationId: 't', callId: 'i', command: ['bash', '-lc', "echo 'a'"] }
    expect(told('execCommandApproval', { ...before, cwd: '/w', reason: null })?.ask).toMatchObject({
      summary: "echo 'a'",
      command: "bash -lc 'echo '\\''a'\\'''",
    })
  })

  it('offers no rule where none is proposed', () => {
    const ask = told(command, { ...place, command: 'ls' })?.ask
    expect(ask).toMatchObject({ rule: null })
    expect(ask?.offered).not.toContain('approve_with_rule')
  })

  it('survives odd parts, and is none without a thread', () => {
    expect(
      told(command, {
        ...place,
        command: 7,
        cwd: {},
        reason: [],
        proposedExecpolicyAmendment: 'x',
      }),
    ).toMatchObject({ threadId: 't', ask: { command: null, cwd: null, reason: null, rule: null } })
    for (const params of [null, 7, 'x', [], {}, { threadId: 7 }]) {
      expect(told(command, params)).toBeNull()
    }
    expect(told('no/such/method', place)).toBeNull()
    expect(told('toString', place)).toBeNull()
  })

  it('is bounded, and says so', () => {
    const ask = told(command, { ...place, command: 'x'.repeat(1_000_000), reason: 'why' })?.ask
    expect(ask?.truncated).toBe(true)
    expect(JSON.stringify(ask).length).toBeLessThan(140_000)
    expect(ask?.summary.length).toBe(200)
    const schema = {
      type: 'object',
      properties: { a: { type: 'string', title: 'x'.repeat(200_000) } },
    }
    expect(
      told(elicitation, { ...place, serverName: 's', mode: 'form', requestedSchema: schema })?.ask,
    ).toMatchObject({ form: null, truncated: true, offered: ['deny'] })
  })

  it('keeps no challenge of a verification', () => {
    const params = {
      ...place,
      serverName: 's',
      mode: 'openai/userVerification',
      title: 'Sure?',
      description: 'Say so.',
      challenge: 'the-challenge',
    }
    const fact = told(elicitation, params)
    expect(fact?.ask).toMatchObject({ message: 'Sure?: Say so.', offered: ['deny'] })
    expect(JSON.stringify(fact)).not.toContain('the-challenge')
  })

  it('of an MCP server with an empty form takes a yes', () => {
    const requestedSchema = { type: 'object', properties: {} }
    expect(
      told(elicitation, {
        ...place,
        serverName: 's',
        mode: 'form',
        message: 'ok?',
        requestedSchema,
      })?.ask.offered,
    ).toEqual(['approve', 'deny'])
  })

  it('of the older protocol has the same words', () => {
    expect(
      told('execCommandApproval', {
        conversationId: 't',
        callId: 'i',
        command: ['git', 'commit', '-m', "it's"],
        cwd: '/w',
        reason: null,
      }),
    ).toMatchObject({
      threadId: 't',
      itemId: 'i',
      ask: { kind: 'command', command: `git commit -m 'it'\\''s'`, cwd: '/w' },
    })
    expect(
      told('applyPatchApproval', {
        conversationId: 't',
        callId: 'i',
        fileChanges: {
          '/a': { type: 'add', content: 'x' },
          '/b': { type: 'update', unified_diff: '@@', move_path: '/c' },
          '/d': 7,
        },
      })?.ask,
    ).toMatchObject({
      kind: 'file_change',
      changes: [
        { path: '/a', change: 'add', movedTo: null, diff: 'x' },
        { path: '/b', change: 'update', movedTo: '/c', diff: '@@' },
      ],
    })
  })

  it('names its thread whatever else it says', () => {
    expect(requestToThread({ threadId: 't' })).toBe('t')
    expect(requestToThread({ conversationId: 't' })).toBe('t')
    for (const params of [null, 7, {}, { threadId: 7 }]) expect(requestToThread(params)).toBeNull()
  })
})

describe('the changes of an item', () => {
  const item = {
    id: 'i',
    type: 'fileChange',
    changes: [{ path: '/a', kind: { type: 'update', move_path: '/b' }, diff: '@@' }, { odd: 1 }],
  }
  const change = { path: '/a', change: 'update', movedTo: '/b', diff: '@@' }

  it('are known from its start on, as they grow, and forgotten at its end', () => {
    expect(
      notificationToChanges({ method: 'item/started', params: { threadId: 't', item } }),
    ).toEqual({ threadId: 't', itemId: 'i', changes: [change] })
    expect(
      notificationToChanges({
        method: 'item/fileChange/patchUpdated',
        params: { threadId: 't', itemId: 'i', changes: item.changes },
      }),
    ).toEqual({ threadId: 't', itemId: 'i', changes: [change] })
    expect(
      notificationToChanges({ method: 'item/completed', params: { threadId: 't', item } }),
    ).toEqual({ threadId: 't', itemId: 'i', changes: null })
  })

  it('are none of other items and of garbage', () => {
    const other = { ...item, type: 'commandExecution' }
    for (const params of [{ threadId: 't', item: other }, { threadId: 't' }, null, { item }]) {
      expect(notificationToChanges({ method: 'item/started', params })).toBeNull()
    }
  })
})
