import { describe, expect, it } from 'vitest'
import { turnToFact, usageToFact } from './translate-turn.ts'

const turn = (part: object) => ({
  id: 'u',
  rootTurnId: 'u',
  items: [],
  itemsView: 'summary',
  status: 'completed',
  error: null,
  startedAt: 1795218328,
  completedAt: 1795218329.25,
  durationMs: 221,
  ...part,
})

describe('a turn', () => {
  it('has its times in milliseconds', () => {
    expect(turnToFact(turn({}))).toEqual({
      id: 'u',
      status: 'completed',
      startedAt: 1_795_218_328_000,
      completedAt: 1_795_218_329_250,
      durationMs: 221,
      error: null,
    })
  })

  it.each([
    ['inProgress', 'started'],
    ['completed', 'completed'],
    ['interrupted', 'interrupted'],
    ['failed', 'failed'],
  ])('%s is %s', (status, ours) => expect(turnToFact(turn({ status }))?.status).toBe(ours))

  it('is told although what stands beside it is odd', () => {
    const odd = { startedAt: 'soon', completedAt: {}, durationMs: [], error: 7 }
    expect(turnToFact(turn(odd))).toMatchObject({ id: 'u', startedAt: null, error: null })
    expect(turnToFact({ id: 'u', status: 'failed' })).toMatchObject({ completedAt: null })
  })

  it.each([null, 1, {}, turn({ id: 7 }), turn({ status: 'new' })])('is none: %j', (raw) =>
    expect(turnToFact(raw)).toBeNull(),
  )
})

describe('the error of a turn', () => {
  const http = { httpStatusCode: 502 }
  it.each([
    ['usageLimitExceeded', 'usageLimitExceeded', null],
    [{ responseStreamDisconnected: http }, 'responseStreamDisconnected', 502],
    [{ httpConnectionFailed: { httpStatusCode: null } }, 'httpConnectionFailed', null],
    [{ activeTurnNotSteerable: { turnKind: 'review' } }, 'activeTurnNotSteerable', null],
    [{ flat: 3 }, 'flat', null],
    [{}, 'other', null],
    [null, 'other', null],
    [undefined, 'other', null],
    [42, 'other', null],
  ])('%j is of the kind %s', (codexErrorInfo, kind, httpStatus) => {
    const raw = turn({ status: 'failed', error: { message: 'm', codexErrorInfo } })
    expect(turnToFact(raw)?.error).toEqual({ message: 'm', kind, httpStatus })
  })
})

describe('usage', () => {
  const total = {
    totalTokens: 5,
    inputTokens: 3,
    cachedInputTokens: 1,
    cacheWriteInputTokens: 0,
    outputTokens: 2,
    reasoningOutputTokens: 0,
  }
  it('is the total of the thread', () => {
    expect(usageToFact({ total, last: {}, modelContextWindow: 258_400 })).toEqual({
      totalTokens: 5,
      inputTokens: 3,
      cachedInputTokens: 1,
      outputTokens: 2,
      reasoningOutputTokens: 0,
      contextWindow: 258_400,
    })
    expect(usageToFact({ total })?.contextWindow).toBeNull()
  })
  it.each([null, {}, { total: {} }, { total: { ...total, totalTokens: '5' } }])(
    'is none: %j',
    (raw) => expect(usageToFact(raw)).toBeNull(),
  )
})
