import type { LaneIdentity, Turn } from '@dispatch/contract'
import { expect, it } from 'vitest'
import { runTimeoutVerdict } from './run-timeout.ts'

const lane = { ref: '0abcde', handle: '@a' } as LaneIdentity

const turn = (status: Turn['status']): Turn => ({
  id: 'u',
  status,
  startedAt: null,
  completedAt: null,
  durationMs: null,
  error: null,
  errorAt: null,
  reason: null,
})

it.each([
  [turn('interrupted'), true, 'its turn was stopped, and the lane is archived.'],
  [turn('interrupted'), false, 'its turn was stopped, and the lane is kept.'],
  [turn('completed'), true, 'its turn has ended meanwhile, and the lane is archived.'],
  [turn('started'), false, 'its turn could not be stopped yet, and the lane is kept.'],
  [null, true, 'no turn of it has begun, and the lane is archived.'],
])('a run that is out of time says what became of its turn and its lane', (of, archived, words) => {
  const ended = { lane, turn: of, archived, seconds: 2 }
  expect(runTimeoutVerdict(ended, { timeoutSeconds: 2 })).toEqual({
    code: 'timeout',
    message: `Out of time after 2 s: ${words}`,
    hint: 'dispatch tail 0abcde shows how far it came; run takes a longer --timeout',
    retryable: true,
    details: { timeoutSeconds: 2, lane },
  })
})
