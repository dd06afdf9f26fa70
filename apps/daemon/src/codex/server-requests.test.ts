import type { CodexServerMethod } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../clock/fake-clock.ts'
import type { Answer, Asked, Refused } from './asked.ts'
import { makeFileChanges } from './file-changes.ts'
import { makeServerRequests } from './server-requests.ts'

const profile = {
  network: { enabled: true },
  fileSystem: { read: ['/r'], write: null, entries: [] },
}
const place = { threadId: 't', turnId: 'u', itemId: 'i' }
const legacy = { conversationId: 't', callId: 'i', command: ['ls'], cwd: '/', fileChanges: {} }

/** Every method that Codex may call, which the compiler checks, with parameters of it. */
const paramsOf: Record<CodexServerMethod, object> = {
  'item/commandExecution/requestApproval': {
    ...place,
    command: 'ls',
    proposedExecpolicyAmendment: ['ls'],
  },
  'item/fileChange/requestApproval': place,
  'item/permissions/requestApproval': { ...place, permissions: profile },
  'item/tool/requestUserInput': { ...place, questions: [{ id: 'q' }] },
  'mcpServer/elicitation/request': { ...place, serverName: 's', mode: 'url', url: 'http://x' },
  'item/tool/call': place,
  execCommandApproval: legacy,
  applyPatchApproval: legacy,
  'account/chatgptAuthTokens/refresh': {},
  'attestation/generate': {},
  'currentTime/read': { threadId: 't' },
}

const makeRoom = () => {
  const heard: { asked: Asked[]; refused: Refused[] } = { asked: [], refused: [] }
  const handlers = makeServerRequests({
    listener: {
      asked: (asked) => void heard.asked.push(asked),
      refused: (refused) => void heard.refused.push(refused),
      called: async ({ tool, rpcId }) => ({ success: true, text: `${tool} ${rpcId}` }),
    },
    fileChanges: makeFileChanges(),
    clock: fakeClock(),
  })
  const abort = new AbortController()
  const ask = async (method: CodexServerMethod, params: object = paramsOf[method]) => {
    const handler = handlers[method] as unknown as (params: object, call: object) => unknown
    return await handler(params, { id: 7, method, signal: abort.signal })
  }
  const answered = async (method: CodexServerMethod, answer: Answer, params?: object) => {
    const response = ask(method, params)
    heard.asked.at(-1)?.reply(answer)
    return await response
  }
  return { handlers, heard, ask, answered, abort }
}

describe('a method of Codex', () => {
  it('has a handler, and no other has', () => {
    expect(Object.keys(makeRoom().handlers).toSorted()).toEqual(Object.keys(paramsOf).toSorted())
  })

  it.each([
    ['item/commandExecution/requestApproval', 'approve', { decision: 'accept' }],
    [
      'item/commandExecution/requestApproval',
      'approve_for_session',
      { decision: 'acceptForSession' },
    ],
    [
      'item/commandExecution/requestApproval',
      'approve_with_rule',
      { decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['ls'] } } },
    ],
    ['item/commandExecution/requestApproval', 'deny', { decision: 'decline' }],
    ['item/commandExecution/requestApproval', 'deny_and_cancel', { decision: 'cancel' }],
    ['item/fileChange/requestApproval', 'approve', { decision: 'accept' }],
    ['item/fileChange/requestApproval', 'deny', { decision: 'decline' }],
    ['item/fileChange/requestApproval', 'deny_and_cancel', { decision: 'cancel' }],
    ['item/permissions/requestApproval', 'deny', { permissions: {}, scope: 'turn' }],
    [
      'item/permissions/requestApproval',
      'approve_for_session',
      {
        permissions: {
          network: { enabled: true },
          fileSystem: { read: ['/r'], write: [], entries: [] },
        },
        scope: 'session',
      },
    ],
    ['item/tool/requestUserInput', 'deny', { answers: {} }],
    ['item/tool/requestUserInput', 'cancel', { answers: {} }],
    ['mcpServer/elicitation/request', 'approve', { action: 'accept', content: {}, _meta: null }],
    ['mcpServer/elicitation/request', 'deny', { action: 'decline', content: null, _meta: null }],
    ['mcpServer/elicitation/request', 'cancel', { action: 'cancel', content: null, _meta: null }],
    [
      'mcpServer/elicitation/request',
      'approve_with_rule',
      { action: 'accept', content: {}, _meta: { persist: 'always' } },
    ],
    ['execCommandApproval', 'approve', { decision: 'approved' }],
    ['execCommandApproval', 'approve_for_session', { decision: 'approved_for_session' }],
    ['execCommandApproval', 'deny', { decision: { denied: { rejection: 'rejected by user' } } }],
    ['applyPatchApproval', 'deny_and_cancel', { decision: 'abort' }],
  ] as const)('%s: %s', async (method, decision, response) => {
    expect(await makeRoom().answered(method, { decision })).toEqual(response)
  })

  it('about a host stores the amendment that allows', async () => {
    const allowed = { host: 'a.b', action: 'allow' }
    const params = { ...place, proposedNetworkPolicyAmendments: [allowed] }
    expect(
      await makeRoom().answered(
        'item/commandExecution/requestApproval',
        { decision: 'approve_with_rule' },
        params,
      ),
    ).toEqual({ decision: { applyNetworkPolicyAmendment: { network_policy_amendment: allowed } } })
  })

  it('is answered in words', async () => {
    const { answered } = makeRoom()
    expect(
      await answered('item/tool/requestUserInput', { decision: 'respond', answers: { q: ['a'] } }),
    ).toEqual({ answers: { q: { answers: ['a'] } } })
    expect(
      await answered('mcpServer/elicitation/request', { decision: 'respond', form: { a: 1 } }),
    ).toEqual({ action: 'accept', content: { a: 1 }, _meta: null })
    const grant = { network: false, files: ['/r', '/not asked'], forSession: false }
    expect(
      await answered('item/permissions/requestApproval', { decision: 'respond', grant }),
    ).toEqual({
      permissions: { fileSystem: { read: ['/r'], write: [], entries: [] } },
      scope: 'turn',
    })
  })

  it('that is malformed is refused, and told', async () => {
    const { ask, heard } = makeRoom()
    await expect(ask('item/fileChange/requestApproval', { threadId: 7 })).rejects.toThrow('read')
    expect(heard.asked).toEqual([])
    expect(heard.refused).toEqual([
      {
        rpcId: '7',
        method: 'item/fileChange/requestApproval',
        threadId: null,
        why: 'malformed',
      },
    ])
  })

  it('that nobody decides is answered or refused at once', async () => {
    const { ask, heard } = makeRoom()
    expect(await ask('item/tool/call')).toMatchObject({ success: false })
    await expect(ask('account/chatgptAuthTokens/refresh')).rejects.toThrow('no credentials')
    await expect(ask('attestation/generate')).rejects.toThrow('attests nothing')
    expect(await ask('currentTime/read')).toEqual({ currentTimeAt: Date.UTC(2026, 0, 1) / 1_000 })
    expect(heard.refused.map(({ method, threadId }) => [method, threadId])).toEqual([
      ['item/tool/call', 't'],
      ['account/chatgptAuthTokens/refresh', null],
      ['attestation/generate', null],
    ])
  })

  it('that calls a tool is answered by who has it', async () => {
    const { ask, heard } = makeRoom()
    const params = { ...place, turnId: 'u', callId: 'c', tool: 'dispatch_list', arguments: {} }
    expect(await ask('item/tool/call', params)).toEqual({
      success: true,
      contentItems: [{ type: 'inputText', text: 'dispatch_list 7' }],
    })
    expect(heard.refused).toEqual([])
  })

  it('waits for nobody once it is withdrawn', async () => {
    const { ask, abort } = makeRoom()
    const response = ask('item/fileChange/requestApproval')
    abort.abort(new Error('gone'))
    await expect(response).rejects.toThrow('gone')
  })
})

describe('the changes of items', () => {
  it('are kept until they end, the newest ones', () => {
    const changes = makeFileChanges()
    const started = (id: string) => ({
      method: 'item/started',
      params: {
        threadId: 't',
        item: { id, type: 'fileChange', changes: [{ path: id, kind: 'add' }] },
      },
    })
    for (let at = 0; at <= 500; at += 1) changes.take(started(`i${at}`))
    expect(changes.of('t', 'i0')).toBeNull()
    expect(changes.of('t', 'i500')).toEqual([
      { path: 'i500', change: 'add', movedTo: null, diff: '' },
    ])
    changes.take({ ...started('i500'), method: 'item/completed' })
    expect(changes.of('t', 'i500')).toBeNull()
    expect(changes.of('t', null)).toBeNull()
  })
})
