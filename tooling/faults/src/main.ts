// pnpm faults: kills dispatchd, the App Server or both at named points, again and again, and compares
// what callers were told with what Codex has. Exit status 1 where something is wrong.
//   --runs N      cases (100)          --seed S      the first seed (by the time)
//   --point NAME  kill there only      --kill WORD   these kills in every case: daemon@commit turns after#2
//   --workers N   worlds at once (3)   --keep        leave the folders of cases that found something
import { parseArgs } from 'node:util'
import type { CaseResult } from './case/case.ts'
import { wordToKill } from './plan.ts'
import { runToReport } from './run/report.ts'
import { runCases } from './run/run.ts'
import { thisProcess } from './run/this-process.ts'

const { values } = parseArgs({
  // pnpm hands its own `--` on.
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
    point: { type: 'string' },
    kill: { type: 'string', multiple: true },
    workers: { type: 'string', default: '3' },
    keep: { type: 'boolean', default: false },
  },
})

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const onCase = ({ asked, findings, calls }: CaseResult, root: string): void => {
  if (findings.length === 0) return
  say(`seed ${asked.seed}: ${findings.map(({ kind, what }) => `${kind}: ${what}`).join('\n  ')}`)
  for (const call of calls) say(`    ${JSON.stringify(call)}`)
  if (values.keep) say(`    ${root}`)
}

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
process.exitCode = result.findings.length + result.leftovers.length > 0 ? 1 : 0
