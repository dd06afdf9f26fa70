// What is printed of a run of queues.
import type { Finding, FindingKind } from '../truth/verdict.ts'
import type { QueuesResult } from './queues.ts'

const countOf = (findings: readonly Finding[], kind: FindingKind): number =>
  findings.filter((finding) => finding.kind === kind).length

const at = (sorted: readonly number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1)

/** The whole report. */
export const queuesToReport = (run: QueuesResult): string => {
  const { tally, findings } = run
  const reads = run.reads.toSorted((a, b) => a - b)
  return [
    ...run.kills.map((kill) => `killed ${kill}`),
    `${run.lanes} lanes, ${tally.messages} messages, ${run.kills.length} kills in ${run.seconds.toFixed(0)} s`,
    `accepted ${tally.accepted}, failed ${tally.failed}, doubled ${countOf(findings, 'doubled')}, lost ${countOf(findings, 'lost')}, out of order ${countOf(findings, 'order')}`,
    `ambiguous ${tally.ambiguous} (expected ${tally.expectedAmbiguous}, shown ${run.shown}); processes left ${run.leftovers.length}; asked again ${run.repeats}`,
    `daemon status meanwhile: ${at(reads, 0.5)} ms (median of ${reads.length}), ${at(reads, 1)} ms (worst)`,
    ...findings.map(({ kind, what }) => `${kind}: ${what}`),
    ...run.leftovers.map((line) => `left: ${line}`),
  ].join('\n')
}
