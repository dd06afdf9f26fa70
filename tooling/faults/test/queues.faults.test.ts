// A small share of what `pnpm faults queues` does at full size.
import { expect, it } from 'vitest'
import { runQueues } from '../src/queues/queues.ts'
import { queuesToReport } from '../src/queues/report.ts'
import { thisProcess } from '../src/run/this-process.ts'

const LANES = 10
const EACH = 5
const KILLS = 3

it(`${LANES} queues of ${EACH} while the App Server is killed ${KILLS} times: each message once, in order`, async () => {
  const run = await runQueues({
    lanes: LANES,
    each: EACH,
    kills: KILLS,
    seed: 1,
    keep: false,
    driver: thisProcess(),
  })
  const report = queuesToReport(run)
  process.stdout.write(`${report}\n`)
  expect(run.findings, report).toEqual([])
  expect(run.leftovers).toEqual([])
  expect(run.kills).toHaveLength(KILLS)
  expect(run.tally).toEqual({
    messages: LANES * EACH,
    accepted: LANES * EACH,
    failed: 0,
    unrecorded: 0,
    ambiguous: 0,
    expectedAmbiguous: 0,
  })
  expect(run.shown).toBe(0)
})

it('finds out a daemon whose queue is out of order', async () => {
  const { findings } = await runQueues({
    lanes: 1,
    each: 3,
    kills: 0,
    seed: 1,
    keep: false,
    driver: thisProcess(),
    defect: {
      file: 'deliveries/decide-next.ts',
      from: 'queue.find((one) => one.mode === mode)',
      to: 'queue.findLast((one) => one.mode === mode)',
    },
  })
  expect(findings.map(({ kind }) => kind)).toEqual(['order'])
})
