import { daemonTables, type TurnError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { deliveryRow } from '../../test/bench.ts'
import { isHealing, rowToRetry, rowToWaiting } from './retries.ts'

const error = (part: Partial<TurnError>): TurnError => ({
  message: 'it went wrong',
  kind: 'other',
  httpStatus: null,
  ...part,
})

describe('a failure that time heals', () => {
  it.each([
    { kind: 'rateLimitExceeded' },
    { kind: 'serverOverloaded' },
    { kind: 'usageLimitExceeded' },
    { kind: 'responseStreamConnectionFailed' },
    { kind: 'responseStreamDisconnected', httpStatus: 400 },
    { kind: 'httpConnectionFailed', httpStatus: null },
    { kind: 'httpConnectionFailed', httpStatus: 408 },
    { kind: 'httpConnectionFailed', httpStatus: 502 },
    { kind: 'httpConnectionFailed', httpStatus: 504 },
    { kind: 'responseTooManyFailedAttempts', httpStatus: 429 },
    { kind: 'other', message: 'stream disconnected before completion' },
  ])('is %j', (part) => {
    expect(isHealing(error(part))).toBe(true)
  })

  it.each([
    { kind: 'other' },
    { kind: 'internalServerError', httpStatus: 500 },
    { kind: 'contextWindowExceeded' },
    { kind: 'httpConnectionFailed', httpStatus: 401 },
    { kind: 'httpConnectionFailed', httpStatus: 403 },
    { kind: 'httpConnectionFailed', httpStatus: 404 },
    { kind: 'httpConnectionFailed', httpStatus: 500 },
    { kind: 'responseTooManyFailedAttempts', httpStatus: 505 },
  ])('is not %j', (part) => {
    expect(isHealing(error(part))).toBe(false)
  })

  it('is not one without a reason', () => {
    expect(isHealing(null)).toBe(false)
  })
})

const AT = 1_000_000
const limits = { attempts: 5, cap_seconds: 10, spread: 0 }

const failed = (part = {}) =>
  deliveryRow('d', 't', {
    mode: 'queue',
    state: 'accepted',
    outcome: 'failed',
    text: 'say it',
    turnId: 'u',
    landed: 'turn',
    acceptedAt: 5,
    completedAt: 6,
    ...part,
  })

describe('the message said again', () => {
  it('is another delivery that waits, and says of which it is the retry', () => {
    const again = rowToRetry(failed(), limits, AT)
    expect(again).toMatchObject({
      threadId: 't',
      mode: 'queue',
      text: 'say it',
      state: 'queued',
      outcome: null,
      turnId: null,
      landed: null,
      submittedAt: null,
      acceptedAt: null,
      completedAt: null,
      server: null,
      rolloutBytes: null,
      createdAt: AT,
      retryOf: 'd',
      attempt: 1,
      notBefore: AT + 1_000,
    })
    expect(again?.id).not.toBe('d')
    expect(rowToRetry(failed(), limits, AT)?.id).toBe(again?.id)
    expect(rowToRetry(failed({ attempt: 1 }), limits, AT)?.id).not.toBe(again?.id)
  })

  it('waits twice as long each time, up to the cap, and not for ever', () => {
    const waits = [0, 1, 2, 3, 4, 5].map((attempt) => {
      const again = rowToRetry(failed({ attempt }), limits, AT)
      return again && (again.notBefore ?? 0) - AT
    })
    expect(waits).toEqual([1_000, 2_000, 4_000, 7_500, 7_500, null])
    const far = { attempts: 100, cap_seconds: 604_800, spread: 1 }
    expect(rowToRetry(failed({ attempt: 99 }), far, AT)?.notBefore).toBe(AT + 604_800_000)
    expect(rowToRetry(failed(), { ...limits, attempts: 0 }, AT)).toBeNull()
  })

  it('waits up to twice as long by chance, never beyond the cap', () => {
    const waitOf = (attempt: number, spread: number): number => {
      const again = rowToRetry(failed({ attempt }), { ...limits, spread }, AT)
      return (again?.notBefore ?? 0) - AT
    }
    const spans = [0, 1, 2, 3, 4].map((attempt) => [0, 0.5, 1].map((at) => waitOf(attempt, at)))
    expect(spans).toEqual([
      [1_000, 1_500, 2_000],
      [2_000, 3_000, 4_000],
      [4_000, 6_000, 8_000],
      [7_500, 8_750, 10_000],
      [7_500, 8_750, 10_000],
    ])
    const short = { attempts: 1, cap_seconds: 0.1, spread: 1 }
    expect(rowToRetry(failed(), short, AT)?.notBefore).toBe(AT + 100)
  })

  it.each([{ mode: 'send' }, { mode: 'interject' }, { mode: 'steer' }, { landed: 'steered' }])(
    'is none of %j',
    (part) => {
      expect(rowToRetry(failed(part), limits, AT)).toBeNull()
    },
  )
})

describe('the waits of the built-in configuration', () => {
  const retry = { ...daemonTables.retry.parse({}), spread: 0 }

  /** What a message waits in all that is tried so, until it is given up. */
  const waitedMs = (arrives: (attempt: number) => boolean, row = failed()): number => {
    const again = (arrives(row.attempt) ? rowToRetry : rowToWaiting)(row, retry, AT)
    if (again === null) return 0
    return (again.notBefore ?? AT) - AT + waitedMs(arrives, { ...row, ...again })
  }

  it('bridge four minutes, whatever of turns that failed and messages that never arrived comes', () => {
    const mixes = Array.from({ length: 2 ** retry.attempts }, (_, mix) =>
      waitedMs((attempt) => ((mix >> attempt) & 1) === 1),
    )
    expect(mixes).toHaveLength(256)
    expect(Math.min(...mixes)).toBeGreaterThanOrEqual(240_000)
  })
})

describe('a message that never arrived', () => {
  it('waits again as itself', () => {
    const row = failed({ state: 'submitting', outcome: null, attempt: 2 })
    expect(rowToWaiting(row, limits, AT)).toEqual({
      mode: 'queue',
      attempt: 3,
      notBefore: AT + 4_000,
      turnId: null,
      landed: null,
      submittedAt: null,
      server: null,
      rolloutBytes: null,
    })
  })

  it('has failed where it left often enough, or was in no queue', () => {
    expect(rowToWaiting(failed({ attempt: 5 }), limits, AT)).toBeNull()
    expect(rowToWaiting(failed({ mode: 'send' }), limits, AT)).toBeNull()
  })

  it.each([
    ['send', 'queue'],
    ['context', 'context'],
    ['queue', 'queue'],
    ['steer', undefined],
  ] as const)('waits again where a trigger has sent it: %s becomes %s', (mode, becomes) => {
    const row = failed({ mode, actor: 'trigger' })
    expect(rowToWaiting(row, limits, AT)?.mode).toBe(becomes)
  })
})
