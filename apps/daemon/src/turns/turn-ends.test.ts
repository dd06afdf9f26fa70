import type { TranscriptItem, Turn } from '@dispatch/contract'
import { expect, it } from 'vitest'
import { turnsEndingIn, withTurnEnds } from './turn-ends.ts'

const item = (turnId: string | null, id: string): TranscriptItem => ({
  id,
  turnId,
  type: 'agentMessage',
  text: id,
  status: null,
  startedAt: null,
  completedAt: null,
})

const turn = (id: string, part: Partial<Turn>): Turn => ({
  id,
  status: 'completed',
  startedAt: null,
  completedAt: null,
  durationMs: null,
  error: null,
  errorAt: null,
  reason: null,
  ...part,
})

const error = { message: 'no model', kind: 'other', httpStatus: null }
const turns = new Map([
  ['good', turn('good', {})],
  ['bad', turn('bad', { status: 'failed', error })],
  ['cut', turn('cut', { status: 'interrupted', reason: 'app-server lost' })],
  ['left', turn('left', { status: 'interrupted' })],
  ['runs', turn('runs', { status: 'started' })],
])

const woven = (items: TranscriptItem[], newer: string | null): string[] =>
  withTurnEnds(items, turnsEndingIn(items, newer), (id) => turns.get(id) ?? null).map(
    ({ id, type, status, text }) => (type === 'turn' ? `${id} ${status}: ${text}` : id),
  )

it('puts the end of a turn that did not complete below its last item', () => {
  const items = [
    item('good', 'a'),
    item('bad', 'b'),
    item('cut', 'c'),
    item('bad', 'd'),
    item('left', 'e'),
    item(null, 'f'),
    item('gone', 'g'),
    item('runs', 'h'),
  ]
  expect(woven(items, null)).toEqual(
    ['a', 'b', 'c', 'cut interrupted: app-server lost', 'd', 'bad failed: no model', 'e'].concat([
      'left interrupted: ',
      'f',
      'g',
      'h',
    ]),
  )
})

it('leaves the end to the page that has the last item', () => {
  expect(woven([item('bad', 'a'), item('cut', 'b')], 'cut')).toEqual([
    'a',
    'bad failed: no model',
    'b',
  ])
})
