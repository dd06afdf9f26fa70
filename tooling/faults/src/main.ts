// pnpm faults: kills dispatchd, the App Server or both at named points, again and again, and compares
// what callers were told with what Codex has. Exit status 1 where something is wrong.
//   --runs N      cases (100)          --seed S      the first seed (by the time)
//   --point NAME  kill there only      --kill WORD   these kills in every case: daemon@commit turns after#2
//   --workers N   worlds at once (3)   --keep        leave the folders of cases that found something
// pnpm faults queues: long queues on many lanes, and the App Server killed meanwhile.
//   --lanes N     lanes (100)          --each N      messages on each (20)
//   --kills N     kills (10)           --seed, --keep
import { parseArgs } from 'node:util'
import type { CaseResult } from './case/case.ts'
import { wordToKill } from './plan.ts'
import { runQueues } from './queues/queues.ts'
import { queuesToReport } from './queues/report.ts'
import { runToReport } from './run/report.ts'
import { runCases } from './run/run.ts'
import { thisProcess } from './run/this-process.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  // pnpm hands its own `--` on.
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
    point: { type: 'string' },
    kill: { type: 'string', multiple: true },
    workers: { type: 'string', default: '3' },
    keep: { type: 'boolean', default: false },
    lanes: { type: 'string', default: '100' },
    each: { type: 'string', default: '20' },
    kills: { type: 'string', default: '10' },
  },
})

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const onCase = ({ asked, findings, calls }: CaseResult, root: string): void => {
  if (findings.length === 0) return
  say(`seed ${asked.seed}: ${findings.map(({ kind, what }) => `${kind}: ${what}`).join('\n  ')}`)
  for (const call of calls) say(`    ${JSON.stringify(call)}`)
  if (values.keep) say(`    ${root}`)
}

const cases = async (): Promise<boolean> => {
  const result = await runCases({
    seed: Number(values.seed),
    cases: Number(values.runs),
    workers: Math.min(Number(values.workers), Number(values.runs)),
    keep: values.keep,
    driver: thisProcess(),
    onCase,
    ...(values.kill ? { kills: values.kill.map(wordToKill) } : {}),
    ...(values.point === undefined ? {} : { point: values.point }),
  })
  say(`seed ${values.seed}`)
  say(runToReport(result))
  return result.findings.length + result.leftovers.length === 0
}

const queues = async (): Promise<boolean> => {
  const result = await runQueues({
    lanes: Number(values.lanes),
    each: Number(values.each),
    kills: Number(values.kills),
    seed: Number(values.seed),
    keep: values.keep,
    driver: thisProcess(),
  })
  say(`seed ${values.seed}`)
  say(queuesToReport(result))
  if (values.keep && result.findings.length > 0) say(result.root)
  return result.findings.length + result.leftovers.length === 0
}

const [mode = 'cases', ...rest] = positionals
const run = new Map([
  ['cases', cases],
  ['queues', queues],
]).get(mode)
if (!run || rest.length > 0) throw new Error(`not a kind of run: ${positionals.join(' ')}`)
process.exitCode = (await run()) ? 0 : 1
