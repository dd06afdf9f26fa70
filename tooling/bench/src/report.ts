// The findings as a table and as a file.
import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Finding } from './measure/finding.ts'
import type { Spread } from './measure/statistics.ts'

/** What the machine was like. */
export const machineOf = () => ({
  platform: `${platform()}-${arch()}`,
  node: process.version,
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  load: loadavg().map((load) => Math.round(load * 100) / 100),
})

const shortOf = (value: number): string => {
  if (value >= 1_000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

const spread = (found: Spread | null): string =>
  found === null ? '-' : `${shortOf(found.median)} (${shortOf(found.p10)}..${shortOf(found.p90)})`

const HEAD = ['row', 'figure', 'floor', 'ratio', 'cpu ratio', 'bar', 'met'] as const

const cellsOf = (finding: Finding): string[] => [
  finding.row,
  `${spread(finding.figure)} ${finding.unit}`,
  finding.floor === null ? '-' : `${spread(finding.floor)} ${finding.unit}`,
  spread(finding.ratio),
  spread(finding.cpuRatio),
  finding.bar,
  `${finding.met ? 'met' : 'NOT MET'}${finding.by === 'cpu' ? ' (cpu)' : ''}`,
]

/** The table; medians, in parentheses the tenth and ninetieth percentile. */
export const findingsToTable = (findings: readonly Finding[]): string => {
  const rows = [[...HEAD], ...findings.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Where findings are kept: beside the sources, and not committed. */
export const RESULTS = fileURLToPath(new URL('../../../bench/results/', import.meta.url))

/** Writes findings to a folder; the file. */
export const writeResults = (
  folder: string,
  result: { at: Date; findings: readonly Finding[]; [more: string]: unknown },
): string => {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${result.at.toISOString().replaceAll(':', '-')}.json`)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  return file
}
