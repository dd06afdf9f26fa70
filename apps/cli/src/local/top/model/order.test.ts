import { expect, test } from 'vitest'
import { lane, waiting } from '../testing/samples.ts'
import { countNeeding, inOrder } from './order.ts'

const cut = {
  ...{ id: 't', status: 'interrupted' as const, startedAt: null, completedAt: null },
  ...{ durationMs: null, error: null, errorAt: null, reason: 'app-server lost' },
}

const flags = { held: false, stalled: false, runningElsewhere: false }

test('who needs a person comes first, then the busy, then the idle, each the newest first', () => {
  const lanes = [
    lane('idle'),
    lane('newer', { createdAt: '2026-03-01T11:30:00.000Z' }),
    lane('busy', { status: 'busy' }),
    lane('undecided'),
    lane('stalled', { status: 'busy', flags: { ...flags, stalled: true } }),
    lane('held', { flags: { ...flags, held: true } }),
    lane('stopped', { flags: { ...flags, held: true }, latestTurn: { ...cut, reason: null } }),
    lane('cut', { latestTurn: cut, createdAt: '2026-03-01T10:30:00.000Z' }),
    lane('failed', { status: 'error', createdAt: '2026-03-01T10:00:00.000Z' }),
    lane('asked', { status: 'waiting_approval' }),
  ]
  const queue = [waiting('a', 'held'), waiting('b', 'undecided', { state: 'ambiguous' })]
  const ordered = inOrder(lanes, queue)
  expect(ordered.map(({ handle }) => handle)).toEqual(
    [
      'asked',
      'held',
      'cut',
      'failed',
      'stalled',
      'undecided',
      'busy',
      'newer',
      'stopped',
      'idle',
    ].map((name) => `@${name}`),
  )
  expect(countNeeding(ordered, queue)).toBe(6)
  expect(countNeeding([], [])).toBe(0)
})
