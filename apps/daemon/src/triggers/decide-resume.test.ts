import { describe, expect, it } from 'vitest'
import { laneRow, triggerRow } from '../../test/bench.ts'
import { decideResume } from './decide-resume.ts'

const attached = laneRow('b', { source: 'attached' })
const archived = laneRow('b', { archivedAt: 1 })

describe('a trigger that may not fire again yet', () => {
  it.each([
    ['its lane is attached', { lane: attached, source: null }, 'dispatch adopt'],
    ['its lane is archived', { lane: archived, source: null }, 'dispatch restore'],
    ['its source is attached', { lane: laneRow('a'), source: attached }, 'dispatch adopt'],
    ['its lane is gone', { lane: null, source: null }, 'dispatch trigger rm'],
  ])('says what to do first: %s', (_, around, command) => {
    const row = triggerRow('t', { sourceId: around.source?.threadId ?? null })
    expect(() => decideResume(row, { ...around, now: 1 })).toThrow(
      expect.objectContaining({ code: 'validation', hint: expect.stringContaining(command) }),
    )
  })
})
