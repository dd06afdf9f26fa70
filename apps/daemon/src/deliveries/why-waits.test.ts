import { expect, it } from 'vitest'
import { deliveryRow, laneRow } from '../../test/bench.ts'
import { type Around, rowToWaitNotes } from './why-waits.ts'

const lane = laneRow('a')
const around: Around = { lane, ahead: 0, isFull: false, hasCodex: true, now: 1 }
const queued = deliveryRow('d', 'a', { state: 'queued', mode: 'queue' })

it.each<[string, Partial<Around>]>([
  [
    `@a holds what waits for it (its turn failed): dispatch queue resume ${lane.ref}`,
    { lane: { ...lane, held: true, heldFor: 'failed' }, ahead: 2, isFull: true },
  ],
  ['Codex is not there: dispatch doctor', { hasCodex: false }],
  ['a message is before it.', { ahead: 1, isFull: true }],
  ['2 messages are before it.', { ahead: 2 }],
  ['a turn of @a runs.', { lane: { ...lane, activeTurnId: 'u' } }],
  ['as many lanes work as may ([limits] max_active_turns).', { isFull: true }],
])('is said: %s', (reason, part) => {
  expect(rowToWaitNotes(queued, { ...around, ...part })).toEqual([`The message waits: ${reason}`])
})

it('is said of one that is tried again, and of none that goes or went', () => {
  const again = rowToWaitNotes({ ...queued, notBefore: 2 }, around)
  expect(again).toEqual(['The message waits: it is tried again at 1970-01-01T00:00:00.002Z.'])
  expect(rowToWaitNotes(queued, around)).toEqual([])
  const full = { ...around, isFull: true }
  expect(rowToWaitNotes({ ...queued, state: 'accepted' }, full)).toEqual([])
})
