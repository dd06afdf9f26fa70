import type { LaneDetail, NewResult, TailResult, WaitResult } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import { expect, test } from 'vitest'
import { checksToError, playedToChecks } from './checks.ts'
import type { Played } from './lane.ts'

type Outcome = WaitResult['lanes'][number]['outcome']

const turn = { id: 't', status: 'completed', error: null }
const identity = { id: 'i', ref: '0abcde', handle: '@a' }
const row = { ...identity, status: 'idle', activeTurn: null }
const items = [
  { type: 'userMessage', text: 'hi\n' },
  { type: 'agentMessage', text: 'HELLO you' },
]

type Parts = {
  outcome?: Outcome
  waited?: object
  lane?: Partial<Played['lane']>
  rows?: object[]
  get?: object
  items?: object[]
}

// Only what is looked at.
const playedOf = (parts: Parts = {}): Played => {
  const { outcome = 'completed', waited = {}, lane = {}, rows = [row], get = {} } = parts
  const lastMessage = outcome === 'completed' ? 'HELLO you' : null
  const one = { ...identity, outcome, turn: { ...turn, status: outcome }, lastMessage }
  return {
    lane: { alias: 'a', prompt: 'hi', ...lane },
    made: identity as NewResult,
    waited: { met: outcome === 'completed', lanes: [one], error: null, ...waited } as WaitResult,
    said: {
      list: { lanes: rows as never, nextCursor: null },
      get: { latestTurn: one.turn, lastMessage, ...get } as LaneDetail,
      tail: { items: parts.items ?? items } as TailResult,
    },
    error: null,
  }
}

const statusesOf = (played: Played) =>
  Object.fromEntries(
    playedToChecks(played, 'DISPATCH_HOME=/x').map(({ name, status }) => [name.slice(2), status]),
  )

const codeOf = (...played: Played[]) =>
  checksToError(
    played.flatMap((one) => playedToChecks(one, 'DISPATCH_HOME=/x')),
    'hint',
  )?.code ?? null

test('all is well, and nothing is an error', () => {
  const played = playedOf({ lane: { expect_contains: ['HELLO', 'you'] } })
  expect(new Set(Object.values(statusesOf(played)))).toEqual(new Set(['ok']))
  expect(codeOf(played)).toBeNull()
})

test('an unexpected answer is told with the answer and where to look', () => {
  const played = playedOf({ lane: { expect_contains: 'BYE' } })
  const answer = playedToChecks(played, 'DISPATCH_HOME=/x').find(({ name }) => name === 'a answer')
  expect(answer).toMatchObject({
    status: 'fail',
    summary: 'lacks "BYE"',
    detail: 'HELLO you',
    recovery: 'DISPATCH_HOME=/x dispatch tail 0abcde',
  })
  expect(codeOf(played)).toBe('turn_failed')
})

test.each([
  ['failed', 'turn_failed'],
  ['running', 'timeout'],
  ['approval', 'approval_required'],
] as const)('a turn that is %s ends with %s', (outcome, code) => {
  const error = { code, message: 'So it is.' }
  const played = { ...playedOf({ outcome, waited: { error } }), said: null }
  expect(statusesOf(played)).toEqual({
    turn: 'fail',
    answer: 'skipped',
    list: 'skipped',
    get: 'skipped',
    tail: 'skipped',
  })
  expect(codeOf(played)).toBe(code)
})

test('a turn that is meant to fail, and does', () => {
  const lane = { expect_outcome: 'failed' as const }
  const played = playedOf({ outcome: 'failed', lane })
  expect(statusesOf(played)).toMatchObject({ turn: 'ok', get: 'ok', tail: 'ok' })
  expect(statusesOf(playedOf({ lane }))).toMatchObject({ turn: 'fail' })
})

test.each([
  ['list', { rows: [] }],
  ['list', { rows: [row, row] }],
  ['list', { rows: [{ ...row, handle: '@b' }] }],
  ['list', { rows: [{ ...row, activeTurn: turn }] }],
  ['get', { get: { latestTurn: { ...turn, id: 'u' } } }],
  ['get', { get: { latestTurn: { ...turn, status: 'started' } } }],
  ['get', { get: { lastMessage: 'another' } }],
  ['tail', { items: [] }],
  ['tail', { items: items.slice(0, 1) }],
  ['tail', { items: items.toReversed() }],
] as const)('%s that contradicts is a fault of ours, and the graver one', (name, parts) => {
  const played = playedOf(parts as Parts)
  expect(statusesOf(played)).toMatchObject({ turn: 'ok', [name]: 'fail' })
  expect(codeOf({ ...playedOf({ outcome: 'failed' }), said: null }, played)).toBe('internal')
})

test('what dispatch refuses has its own code', () => {
  const error = new DispatchError('app_server', 'Codex did not answer.', { hint: 'look' })
  const played = { ...playedOf(), made: null, waited: null, said: null, error }
  expect(codeOf(played)).toBe('app_server')
})
