// The error of an input that does not fit, in the words of a surface. Free of zod, so that surfaces can
// say it again in theirs: `--max-items` for `maxItems`.
import { DispatchError } from './errors.ts'
import type { InputProblem } from './input-problem.ts'

/** How a surface calls the field at a path. */
export type FieldName = (path: readonly string[]) => string

const TOLD = 3

const STEP = 60

// A step may be a key that the caller made up.
const dotted: FieldName = (path) =>
  path.length === 0 ? 'The input' : path.map((step) => step.slice(0, STEP)).join('.')

const sentence = ({ path, message }: InputProblem, nameOf: FieldName): string =>
  `${nameOf(path)} ${message}.`

/** The problems as sentences; the first few of many. */
export const problemsToMessage = (
  problems: readonly InputProblem[],
  nameOf: FieldName = dotted,
): string => {
  const more = problems.length - TOLD
  const told = problems.slice(0, TOLD).map((problem) => sentence(problem, nameOf))
  return [...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ')
}

/** The error of an input with those problems. */
export const problemsToError = (problems: readonly InputProblem[]): DispatchError =>
  new DispatchError('validation', problemsToMessage(problems), { details: { issues: problems } })

const isProblem = (value: unknown): value is InputProblem => {
  const { path, message } = (value ?? {}) as Partial<InputProblem>
  return Array.isArray(path) && typeof message === 'string'
}

/** The same error with the fields named as that surface does, and its `hint` where there is none; another error as it is. */
export const inNamesOf = (
  error: DispatchError,
  { nameOf, hint }: { nameOf: FieldName; hint: string },
): DispatchError => {
  const issues = error.details?.['issues']
  if (error.code !== 'validation' || !Array.isArray(issues) || !issues.every(isProblem))
    return error
  return new DispatchError('validation', problemsToMessage(issues, nameOf), {
    hint: error.hint ?? hint,
    ...(error.details === null ? {} : { details: error.details }),
    cause: error,
  })
}
