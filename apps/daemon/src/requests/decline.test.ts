import type { CodexServerMethod } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import { addLane, auditOf, type Bench, makeBench } from '../../test/bench.ts'
import { makeDecliner } from './decline.ts'

/** Every method that Codex may call, which the compiler checks, and what is said to it. */
const answers: Record<CodexServerMethod, unknown> = {
  'item/commandExecution/requestApproval': { decision: 'decline' },
  'item/fileChange/requestApproval': { decision: 'decline' },
  'item/permissions/requestApproval': { permissions: {}, scope: 'turn' },
  'item/tool/requestUserInput': { answers: {} },
  'mcpServer/elicitation/request': { action: 'decline', content: null, _meta: null },
  'item/tool/call': { success: false },
  execCommandApproval: { decision: { denied: {} } },
  applyPatchApproval: { decision: { denied: {} } },
  'account/chatgptAuthTokens/refresh': new Error('dispatch keeps no credentials'),
  'attestation/generate': new Error('dispatch attests nothing'),
  'currentTime/read': { currentTimeAt: Date.UTC(2026, 0, 1) / 1_000 },
}
const methods = Object.keys(answers) as CodexServerMethod[]
const asking = methods.filter((method) => method !== 'currentTime/read')

const makeRoom = (bench: Bench) => {
  addLane(bench.store, 't')
  const handlers = makeDecliner({
    ...bench,
    audit: auditOf(bench).audit,
    laneOf: (threadId) => bench.store.lanes.get(threadId),
  })
  const ask = (method: CodexServerMethod, params: object = { threadId: 't' }): unknown => {
    const handler = handlers[method] as unknown as (params: object, call: object) => unknown
    try {
      return handler(params, { id: 7, method, signal: new AbortController().signal })
    } catch (error) {
      return error
    }
  }
  const rows = () =>
    bench.store.audit
      .list({ limit: 99 })
      .map(({ op, actor, outcome, threadId }) => ({ op, actor, outcome, threadId }))
  return { ask, rows, handlers }
}

describe('a request of Codex', () => {
  it.each(methods)('%s is answered', (method) => {
    using bench = makeBench()
    const { ask } = makeRoom(bench)
    const expected = answers[method]
    if (expected instanceof Error) expect(ask(method)).toEqual(expected)
    else expect(ask(method)).toMatchObject(expected as object)
  })

  it('has no handler but those', () => {
    using bench = makeBench()
    expect(Object.keys(makeRoom(bench).handlers).toSorted()).toEqual(methods.toSorted())
  })

  it.each(asking)('%s leaves two events and a row', async (method) => {
    using bench = makeBench()
    const { ask, rows } = makeRoom(bench)
    ask(method)
    expect(rows()).toEqual([
      { op: `request.${method}`, actor: 'daemon', outcome: 'declined', threadId: 't' },
    ])
    expect((await bench.happened()).map(({ type, data }) => [type, data])).toEqual([
      ['request.opened', { requestId: 7, method }],
      ['request.answered', { requestId: 7, method, decision: expect.any(String), by: 'policy' }],
    ])
  })

  it('of a thread that is no lane leaves a row alone', async () => {
    using bench = makeBench()
    const { ask, rows } = makeRoom(bench)
    for (const params of [{ threadId: 'stranger' }, {}, { threadId: 7 }])
      ask('item/fileChange/requestApproval', params)
    expect(rows().map(({ threadId }) => threadId)).toEqual([null, null, null])
    expect(await bench.happened()).toEqual([])
  })

  it('of the older protocol names its thread otherwise', () => {
    using bench = makeBench()
    const { ask, rows } = makeRoom(bench)
    ask('execCommandApproval', { conversationId: 't' })
    expect(rows()).toMatchObject([{ threadId: 't' }])
  })

  it('for the time is a fact, no decision', () => {
    using bench = makeBench()
    const { ask, rows } = makeRoom(bench)
    ask('currentTime/read')
    expect(rows()).toEqual([])
  })
})
