// What is printed of a run.
import type { CaseResult } from '../case/case.ts'
import { killToWord } from '../plan.ts'
import type { FindingKind } from '../truth/verdict.ts'
import type { PointRecord } from './coverage.ts'
import type { RunResult } from './run.ts'

const kinds: readonly FindingKind[] = [
  'lost',
  'doubled',
  'denied',
  'stuck',
  'ambiguous',
  'orphan',
  'order',
  'fault',
]

/** The command that runs that case again. */
const caseToCommand = ({ asked: { seed, kills } }: CaseResult): string =>
  [
    `pnpm faults --seed ${seed} --runs 1`,
    ...kills.map((kill) => `--kill '${killToWord(kill)}'`),
  ].join(' ')

const pointLine = ({ point, hits, hitsAfter, kills, findings }: PointRecord): string => {
  const columns = [hits, hitsAfter, kills.daemon, kills.codex, kills.both, findings]
  return `${point.padEnd(44)}${columns.map((value) => String(value).padStart(9)).join('')}`
}

const head = ['hits', 'after', 'daemon', 'codex', 'both', 'findings']
  .map((title) => title.padStart(9))
  .join('')

/** What was found, and the commands that run it again. */
export const runToVerdict = (run: RunResult): string => {
  const { tally } = run
  const found = kinds.map(
    (kind) => `${kind} ${run.findings.filter(({ finding }) => finding.kind === kind).length}`,
  )
  return [
    `${run.cases} cases, ${run.kills} kills at ${run.points.length} points in ${run.seconds.toFixed(0)} s`,
    `messages ${tally.messages}: accepted ${tally.accepted}, failed ${tally.failed}, never taken ${tally.unrecorded}, ambiguous ${tally.ambiguous} (expected ${tally.expectedAmbiguous})`,
    `found: ${found.join(', ')}; processes left ${run.leftovers.length}; asked again ${run.repeats}`,
    ...run.findings.map(
      ({ finding: { kind, what }, result }) => `${kind}: ${what}\n    ${caseToCommand(result)}`,
    ),
    ...run.leftovers.map((line) => `left: ${line}`),
  ].join('\n')
}

/** The whole report: the points, then what was found. */
export const runToReport = (run: RunResult): string =>
  [`${'point'.padEnd(44)}${head}`, ...run.points.map(pointLine), '', runToVerdict(run)].join('\n')
