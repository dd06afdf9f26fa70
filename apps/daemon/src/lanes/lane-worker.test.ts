import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeLaneWorkers } from './lane-worker.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('the worker of a lane', () => {
  it('runs its steps one after the other, whatever they do, and other lanes beside', async () => {
    const step = fc.record({
      lane: fc.constantFrom('a', 'b'),
      waits: fc.integer({ min: 0, max: 3 }),
      fails: fc.constantFrom('no', 'sync', 'async'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const workers = makeLaneWorkers()
        const running = new Set<string>()
        const began: Record<string, number[]> = { a: [], b: [] }
        const results = steps.map(({ lane, waits, fails }, index) =>
          workers.run(lane, () => {
            expect(running.has(lane)).toBe(false)
            began[lane]?.push(index)
            if (fails === 'sync') throw new Error(String(index))
            running.add(lane)
            return (async () => {
              for (let wait = 0; wait < waits; wait += 1) await turn()
              running.delete(lane)
              if (fails === 'async') throw new Error(String(index))
              return index
            })()
          }),
        )
        const settled = await Promise.allSettled(results)
        for (const [index, result] of settled.entries()) {
          const failed = steps[index]?.fails !== 'no'
          expect(result.status === 'rejected' ? result.reason.message : result.value).toBe(
            failed ? String(index) : index,
          )
        }
        for (const lane of ['a', 'b']) {
          const own = steps.flatMap((one, index) => (one.lane === lane ? [index] : []))
          expect(began[lane]).toEqual(own)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is drained when no step is left, those that steps add too', async () => {
    const workers = makeLaneWorkers()
    const seen: string[] = []
    void workers.run('a', async () => {
      await turn()
      void workers.run('b', async () => {
        await turn()
        seen.push('b')
      })
      seen.push('a')
    })
    void workers.run('a', () => Promise.reject(new Error('x'))).catch(() => seen.push('failed'))
    await workers.drained()
    expect(seen.toSorted()).toEqual(['a', 'b', 'failed'])
    await workers.drained()
  })
})
