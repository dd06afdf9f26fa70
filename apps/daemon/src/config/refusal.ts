// What is wrong with a configuration file, as one error that names the file, the key and the nearest
// known one.
import { configFileSchema, daemonTables, DispatchError, issueToProblems } from '@dispatch/contract'
import type { z } from 'zod'
import { nearestOf } from './nearest.ts'

type Schema = { properties?: Record<string, Schema>; additionalProperties?: Schema | boolean }

let fileSchema: Schema | null = null

/** The keys that a table may have; empty where it may have any. */
const keysAt = (path: readonly PropertyKey[]): string[] => {
  fileSchema ??= configFileSchema() as Schema
  let at: Schema | undefined = fileSchema
  for (const step of path) {
    const inner: Schema | boolean | undefined =
      at?.properties?.[String(step)] ?? at?.additionalProperties
    at = typeof inner === 'object' ? inner : undefined
  }
  return Object.keys(at?.properties ?? {})
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.')

/** A file that does not fit, as it was read. */
export type RefusedFile = { path: string; layer: string; data: unknown }

type Finding = { key: string; problem: string; nearest: string | null }

const unknownKey = (table: readonly PropertyKey[], key: string, layer: string): Finding => {
  const named = dotted([...table, key])
  if (layer === 'repo' && table.length === 0 && Object.hasOwn(daemonTables, key)) {
    const problem = 'only the global configuration may have it'
    return { key: named, problem, nearest: null }
  }
  const nearest = nearestOf(key, keysAt(table))
  const meant = nearest === null ? null : dotted([...table, nearest])
  return { key: named, problem: 'there is no such key', nearest: meant }
}

const issueToFindings = (issue: z.core.$ZodIssue, { layer, data }: RefusedFile): Finding[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => unknownKey(issue.path, key, layer))
    : issueToProblems(issue, data).map(({ path, message }) => ({
        key: dotted(path),
        problem: message,
        nearest: null,
      }))

const findingToLine = ({ key, problem, nearest }: Finding): string =>
  `${key}: ${problem}${nearest === null ? '' : `; did you mean ${nearest}?`}`

/** The error of a file that does not fit. */
export const issuesToError = (
  file: RefusedFile,
  issues: readonly z.core.$ZodIssue[],
): DispatchError => {
  const findings = issues.flatMap((issue) => issueToFindings(issue, file))
  const [first] = findings
  return new DispatchError(
    'validation',
    `${file.path}: ${findings.map(findingToLine).join('\n  ')}`,
    {
      hint: first?.nearest ? `Did you mean ${first.nearest}?` : `Edit ${file.path}.`,
      details: { file: file.path, key: first?.key ?? '', nearest: first?.nearest ?? null },
    },
  )
}

/** The error of a preset that no file has. */
export const unknownPreset = (
  preset: string,
  known: readonly string[],
  files: readonly string[],
): DispatchError => {
  const nearest = nearestOf(preset, known)
  const where =
    files.length === 0 ? 'There is no configuration file' : `Looked in ${files.join(', ')}`
  const has = known.length === 0 ? 'no presets' : `the presets ${known.join(', ')}`
  return new DispatchError('validation', `There is no preset "${preset}". ${where}: ${has}.`, {
    hint: nearest === null ? 'dispatch config show' : `Did you mean ${nearest}?`,
    details: { preset, presets: known, files, nearest },
  })
}
