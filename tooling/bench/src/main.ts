// pnpm bench [--quick] [--only ROW]... [--results DIR]: measures what is promised of speed, each figure
// beside its floor. It reports and judges; it fails only when the work of a row was not done, and goes
// on with the other rows.
import { parseArgs } from 'node:util'
import type { Finding } from './measure/finding.ts'
import type { Plan } from './measure/pairs.ts'
import { findingsToTable, machineOf, RESULTS, writeResults } from './report.ts'
import { calls } from './rows/calls.ts'
import { commandStart } from './rows/command-start.ts'
import { followers } from './rows/followers.ts'
import { ingestion } from './rows/ingestion.ts'
import { lag } from './rows/lag.ts'
import { memory } from './rows/memory.ts'
import { mcp } from './rows/mcp.ts'
import { query } from './rows/query.ts'
import { readsAtSize } from './rows/reads.ts'
import { degraded, start } from './rows/start.ts'
import { subscription } from './rows/subscription.ts'
import { sync } from './rows/sync.ts'
import { triggers } from './rows/triggers.ts'
import { triggersIdle } from './rows/triggers-idle.ts'
import { turns } from './rows/turns.ts'
import { copyShipped } from './shipped.ts'

const rows = [
  commandStart,
  calls,
  subscription,
  turns,
  lag,
  followers,
  ingestion,
  start,
  degraded,
  memory,
  readsAtSize,
  sync,
  triggers,
  triggersIdle,
  query,
  mcp,
]

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    results: { type: 'string', default: RESULTS },
  },
})
const unknown = values.only.filter((name) => !rows.some((row) => row.name === name))
if (unknown.length > 0) {
  throw new Error(
    `no row ${unknown.join(', ')}; there are ${rows.map(({ name }) => name).join(', ')}`,
  )
}

// Quick proves that the bench runs and says nothing about speed.
const plan: Plan = values.quick
  ? { blocks: 1, pairsPerBlock: 2, quick: true }
  : { blocks: 3, pairsPerBlock: 11, quick: false }
const at = new Date()
const before = machineOf()
await using shipped = await copyShipped()
const findings: Finding[] = []
const failures: string[] = []
for (const row of rows) {
  if (values.only.length > 0 && !values.only.includes(row.name)) continue
  process.stderr.write(`${row.name} ...\n`)
  try {
    findings.push(...(await row.run({ plan, shipped })))
  } catch (error) {
    failures.push(row.name)
    process.stderr.write(`${row.name} failed: ${String(error)}\n`)
  }
}

const load = `load ${before.load[0]} before, ${machineOf().load[0]} after`
process.stdout.write(`\n${findingsToTable(findings)}\n\n`)
for (const { row, what, checked } of findings)
  process.stdout.write(`${row}: ${what}. ${checked}.\n`)
process.stdout.write(
  `\n${plan.blocks * plan.pairsPerBlock} pairs in ${plan.blocks} blocks, medians (p10..p90); ${before.cores} cores, ${load}\n`,
)
process.stdout.write(
  `${writeResults(values.results, { at, plan, machine: { before, after: machineOf() }, findings })}\n`,
)
if (failures.length > 0) process.exitCode = 1
