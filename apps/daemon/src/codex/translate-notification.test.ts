import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { notificationToFact } from './translate-notification.ts'

const fact = (method: string, params: object) =>
  notificationToFact({ method, params: { threadId: 't', ...params } })

const turn = { id: 'u', status: 'inProgress', startedAt: 1 }
const item = { type: 'agentMessage', id: 'i', text: 'x' }
const tokens = {
  totalTokens: 1,
  inputTokens: 1,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
}

describe('notifications', () => {
  it.each([
    ['turn/started', { turn }, { kind: 'turn-started', turn: { id: 'u', startedAt: 1_000 } }],
    ['turn/completed', { turn: { ...turn, status: 'completed' } }, { kind: 'turn-ended' }],
    ['item/started', { item, turnId: 'u', startedAtMs: 5 }, { kind: 'item-started', turnId: 'u' }],
    ['item/completed', { item, turn }, { kind: 'item-completed', turnId: 'u', item: { id: 'i' } }],
    ['thread/tokenUsage/updated', { tokenUsage: { total: tokens } }, { kind: 'usage' }],
    ['thread/name/updated', { threadName: 'n' }, { kind: 'renamed', title: 'n' }],
    ['thread/archived', {}, { kind: 'archived' }],
    ['thread/closed', {}, { kind: 'unloaded' }],
  ])('%s', (method, params, expected) => {
    expect(fact(method, params)).toMatchObject({ threadId: 't', ...expected })
  })

  it.each([
    ['item/agentMessage/delta', 'message'],
    ['item/reasoning/summaryTextDelta', 'reasoning'],
    ['item/commandExecution/outputDelta', 'output'],
    ['item/plan/delta', 'plan'],
  ])('%s is part of the stream %s', (method, stream) => {
    const delta = { turnId: 'u', itemId: 'i', delta: 'x' }
    expect(fact(method, delta)).toMatchObject({ kind: 'delta', stream, itemId: 'i', text: 'x' })
  })

  it('takes the times of the notification where the item has none', () => {
    const params = {
      turnId: 'u',
      item: { ...item, startedAtMs: 1 },
      startedAtMs: 7,
      completedAtMs: 8,
    }
    expect(fact('item/completed', params)).toMatchObject({ item: { startedAt: 1, completedAt: 8 } })
  })

  it.each([
    ['turn/started', {}],
    ['turn/completed', { turn: { id: 'u' } }],
    ['item/completed', { item }],
    ['item/completed', { turnId: 'u', item: { type: 'x' } }],
    ['item/agentMessage/delta', { itemId: 'i', delta: 'x' }],
    ['item/agentMessage/delta', { turnId: 'u', itemId: 'i' }],
    ['thread/name/updated', { threadName: null }],
    ['thread/tokenUsage/updated', { tokenUsage: null }],
    ['thread/brandNew', {}],
    ['constructor', {}],
  ])('%s with %j says nothing', (method, params) => expect(fact(method, params)).toBeNull())

  it('say nothing and fail never, whatever they carry', () => {
    const methods = ['turn/started', 'turn/completed', 'item/completed', 'item/plan/delta', 'x']
    fc.assert(
      fc.property(fc.constantFrom(...methods), fc.anything(), (method, params) => {
        expect(notificationToFact({ method, params })).toBeNull()
      }),
    )
    expect(notificationToFact({ method: 'turn/started' })).toBeNull()
  })
})
