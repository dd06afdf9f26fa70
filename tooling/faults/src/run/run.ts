// Many cases: workers side by side, each with a world of its own, which is thrown away after a number of
// cases and after each that found something.
import { type CaseResult, runCase } from '../case/case.ts'
import { makeChance } from '../case/chance.ts'
import type { Kill } from '../plan.ts'
import type { Finding, Tally } from '../truth/verdict.ts'
import { type Defect, makeDaemonProgram } from './daemon-program.ts'
import { makeCoverage, type PointRecord } from './coverage.ts'
import { type Driver, makeWorld, type World } from './world.ts'

/** What to run. */
export type RunAsked = {
  /** The seed of the first case; the next has the next. */
  seed: number
  cases: number
  /** No case is begun after so long. */
  limitMs?: number
  workers: number
  /** These in every case, in the place of chosen ones. */
  kills?: Kill[]
  /** Kill at this point in every case. */
  point?: string
  /** Worlds of cases that found something stay on disk. */
  keep: boolean
  driver: Omit<Driver, 'program'>
  /** Put into the daemon, to see that it is found. */
  defect?: Defect
  onCase?: (result: CaseResult, root: string) => void
}

/** What came of it. */
export type RunResult = {
  cases: number
  kills: number
  seconds: number
  tally: Tally
  findings: { finding: Finding; result: CaseResult }[]
  points: PointRecord[]
  /** Lanes that were asked again at the end of a case: the last kill had just ended their App Server, or they worked at a goal. */
  repeats: number
  /** Processes that outlived their world. */
  leftovers: string[]
}

const CASES_A_WORLD = 25
/** Cases without a kill at first, to learn which points there are; then one kill of both, for those of a new start. */
const LEARNING = 4

const noMessages: Tally = {
  messages: 0,
  accepted: 0,
  failed: 0,
  unrecorded: 0,
  ambiguous: 0,
  expectedAmbiguous: 0,
}

const addTally = (one: Tally, other: Tally): Tally => ({
  messages: one.messages + other.messages,
  accepted: one.accepted + other.accepted,
  failed: one.failed + other.failed,
  unrecorded: one.unrecorded + other.unrecorded,
  ambiguous: one.ambiguous + other.ambiguous,
  expectedAmbiguous: one.expectedAmbiguous + other.expectedAmbiguous,
})

/** Runs the cases. */
export const runCases = async (asked: RunAsked): Promise<RunResult> => {
  const began = performance.now()
  const { seed, cases, keep } = asked
  await using program = await makeDaemonProgram(asked.defect)
  const driver = { ...asked.driver, program: program.path }
  const coverage = makeCoverage()
  const results: CaseResult[] = []
  const leftovers: string[] = []
  let next = 0

  const killsOf = (number: number): Kill[] => {
    if (asked.kills) return asked.kills
    const chance = makeChance(seed + number + 0.5)
    if (asked.point === undefined && number < LEARNING) {
      return number < LEARNING / 2
        ? []
        : [{ point: 'wire turn/start after', nth: 1, target: 'both' }]
    }
    return coverage.choose(chance, asked.point)
  }

  const isTime = (): boolean =>
    next < cases && performance.now() - began < (asked.limitMs ?? Number.POSITIVE_INFINITY)

  const end = async (world: World, hasFindings: boolean): Promise<void> => {
    const left = await world.end({ keep: keep && hasFindings })
    leftovers.push(...left.map(({ pid, command }) => `${pid} ${command}`))
  }

  const useWorld = async (): Promise<void> => {
    const world = await makeWorld(driver)
    let hasFindings = false
    try {
      for (let left = CASES_A_WORLD; left > 0 && !hasFindings && isTime(); left -= 1) {
        const number = next
        next += 1
        const result = await runCase(world, { seed: seed + number, kills: killsOf(number) })
        results.push(result)
        coverage.learn(result)
        hasFindings = result.findings.length > 0
        asked.onCase?.(result, world.root)
      }
    } finally {
      await end(world, hasFindings)
    }
  }

  const work = async (): Promise<void> => {
    while (isTime()) await useWorld()
  }

  await Promise.all(Array.from({ length: asked.workers }, work))
  return {
    cases: results.length,
    kills: results.flatMap(({ passed }) => passed).filter((line) => line.startsWith('! ')).length,
    seconds: (performance.now() - began) / 1_000,
    tally: results.map(({ tally }) => tally).reduce(addTally, noMessages),
    findings: results.flatMap((result) => result.findings.map((finding) => ({ finding, result }))),
    points: coverage.points(),
    repeats: results.reduce((sum, result) => sum + result.repeats, 0),
    leftovers,
  }
}
