// A slice of what `pnpm faults` runs at length: kills at named points, judged from what Codex has. And
// the proof that it sees: a daemon with a defect is found out.
import { expect, it } from 'vitest'
import { makeDaemonProgram } from '../src/run/daemon-program.ts'
import { runToReport, runToVerdict } from '../src/run/report.ts'
import { runCases } from '../src/run/run.ts'
import { thisProcess } from '../src/run/this-process.ts'

const driver = thisProcess()

it('loses nothing, doubles nothing and leaves nothing stuck, wherever it is killed', async () => {
  const run = await runCases({
    seed: 1,
    cases: 1_000,
    limitMs: 60_000,
    workers: 2,
    keep: false,
    driver,
  })
  process.stdout.write(`${runToReport(run)}\n`)
  expect(run.findings, runToVerdict(run)).toEqual([])
  expect(run.leftovers).toEqual([])
  expect(run.tally.ambiguous).toBe(run.tally.expectedAmbiguous)
  // As much as a busy machine does in a minute, and it is judged by messages that went through.
  expect(run.kills).toBeGreaterThan(5)
  expect(run.tally.accepted).toBeGreaterThan(20)
  expect(run.points.length).toBeGreaterThan(70)
})

it('finds out a daemon that says of messages that Codex has them which it never had', async () => {
  const run = await runCases({
    seed: 1,
    cases: 4,
    workers: 2,
    keep: false,
    driver,
    kills: [{ point: 'wire turn/start after', nth: 1, target: 'both' }],
    defect: {
      file: 'deliveries/decide.ts',
      from: "if (sameTextInRollout === 0) {\n    return {\n      state: 'failed'",
      to: "if (sameTextInRollout === 0) {\n    return {\n      state: 'accepted'",
    },
  })
  expect(run.kills).toBeGreaterThan(0)
  expect(run.findings.map(({ finding }) => finding.kind)).toContain('lost')
})

it('finds out a daemon whose triggers send under an id that is not that of the occurrence', async () => {
  const run = await runCases({
    // A trigger fires, and the lane takes its message.
    seed: 3000,
    cases: 6,
    workers: 2,
    keep: false,
    driver,
    kills: [],
    defect: {
      file: 'triggers/acting.ts',
      from: 'id: run.id,\n    caller',
      to: 'id: crypto.randomUUID(),\n    caller',
    },
  })
  expect(run.findings.map(({ finding }) => finding.kind)).toContain('denied')
})

it('says so where a defect does not fit its file any more', async () => {
  const defect = { file: 'deliveries/decide.ts', from: 'no such words', to: '' }
  await expect(makeDaemonProgram(defect)).rejects.toThrow('has no no such words')
})
