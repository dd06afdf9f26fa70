// What is wrong with an input, as a person would say it: the field, what it must be, what was given.
// One place for every op and for the configuration files; a surface puts its own name for the field
// before it. What a message says is never repeated: of texts only the length is told.
import type { z } from 'zod'
import { given, lengthOf, nameType, quoted } from './input-given.ts'

/** What is wrong with one field. `message` follows the name of the field in a sentence. */
export type InputProblem = { code: string; path: string[]; message: string }

type Issue = z.core.$ZodIssue

const LISTED = 16

const listed = (words: readonly string[]): string => {
  if (words.length < 2) return words.join('')
  if (words.length <= LISTED) return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  return `${words.slice(0, LISTED).join(', ')} or one of ${words.length - LISTED} more`
}

const unitOf = (origin: string): string =>
  ({ string: ' characters', array: ' entries', set: ' entries', map: ' entries' })[origin] ?? ''

// Numbers are told; of what has a length, the length.
const beyond = (value: unknown): string => {
  const length = lengthOf(value)
  if (length !== null) return `; it has ${length}`
  return given(value) === '' ? '' : `, not ${given(value)}`
}

const bound = (issue: Issue & { code: 'too_big' | 'too_small' }, value: unknown): string => {
  const { code, origin, inclusive = true } = issue
  const limit = code === 'too_big' ? issue.maximum : issue.minimum
  const is = lengthOf(value) === null ? 'be' : 'have'
  if (is === 'have' && code === 'too_small' && Number(limit) === 1) return 'must not be empty'
  const word =
    code === 'too_big'
      ? inclusive
        ? 'at most'
        : 'less than'
      : inclusive
        ? 'at least'
        : 'more than'
  return `must ${is} ${word} ${limit}${unitOf(origin)}${beyond(value)}`
}

const forms: Record<string, string> = {
  datetime: 'an instant such as 2026-01-02T03:04:05.678Z',
  date: 'a day such as 2026-01-02',
  uuid: 'a UUID',
  guid: 'a UUID',
  url: 'a URL',
}

const form = (issue: Issue & { code: 'invalid_format' }): string => {
  if (issue.format === 'regex' && issue.pattern) return `of the form ${issue.pattern}`
  if (issue.format === 'starts_with' && 'prefix' in issue)
    return `one that begins with ${String(issue.prefix)}`
  return forms[issue.format] ?? `a valid ${issue.format.replaceAll('_', ' ')}`
}

/** What it must be; null for what is said in another way. */
const expectation = (issue: Issue): string | null => {
  if (issue.code === 'invalid_type') return nameType(issue.expected)
  if (issue.code === 'invalid_value') return listed(issue.values.map(String))
  if (issue.code === 'invalid_format') return form(issue)
  if (issue.code === 'not_multiple_of') return `a multiple of ${issue.divisor}`
  return null
}

// Ours begin as the end of a sentence does, zod's own with a capital.
const isOurs = ({ message }: Issue): boolean => /^[a-z]/.test(message)

const ourMessage = (issue: Issue, value: unknown): string => {
  const length = lengthOf(value)
  const tells = / at most \d+ (characters|bytes)/.exec(issue.message)?.[1]
  return tells === 'characters' && length !== null
    ? `${issue.message}; it has ${length}`
    : issue.message
}

const refusal = (issue: Issue, value: unknown): string => {
  if (isOurs(issue)) return ourMessage(issue, value)
  if (issue.code === 'too_big' || issue.code === 'too_small') return bound(issue, value)
  const expected = expectation(issue)
  if (expected === null) return 'does not fit'
  if (value === undefined) return 'is missing'
  const shows = issue.code === 'invalid_value' || issue.code === 'invalid_format'
  const was = shows && typeof value === 'string' ? quoted(value) : given(value)
  return `must be ${expected}${was === '' ? '' : `, not ${was}`}`
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  )

// Of several forms: what each of them would be, or what is wrong in the one that came furthest.
const ofUnion = (issue: Issue & { code: 'invalid_union' }, input: unknown): InputProblem[] => {
  const branches = issue.errors.map((issues) =>
    issues.map((one): Issue => ({ ...one, path: [...issue.path, ...one.path] })),
  )
  const deep = branches.find((issues) =>
    issues.some((one) => one.path.length > issue.path.length || expectation(one) === null),
  )
  if (deep) return deep.flatMap((one) => issueToProblems(one, input))
  const value = valueAt(input, issue.path)
  if (value === undefined || branches.length === 0) {
    return [{ ...placeOf(issue), message: value === undefined ? 'is missing' : 'does not fit' }]
  }
  const expected = listed([...new Set(branches.flat().flatMap((one) => expectation(one) ?? []))])
  const isText =
    typeof value === 'string' && branches.flat().every((one) => one.code !== 'invalid_type')
  const was = isText ? quoted(value) : given(value)
  return [{ ...placeOf(issue), message: `must be ${expected}${was === '' ? '' : `, not ${was}`}` }]
}

const placeOf = ({ code, path }: Issue): Pick<InputProblem, 'code' | 'path'> => ({
  code,
  path: path.map(String),
})

/** What an issue of zod says of the input that it was found in. */
export const issueToProblems = (issue: Issue, input: unknown): InputProblem[] => {
  const { code, path } = placeOf(issue)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ code, path: [...path, key], message: 'is no field here' }))
  }
  if (issue.code === 'invalid_union') return ofUnion(issue, input)
  if (issue.code === 'invalid_key') {
    const [first] = issue.issues
    const key = path.at(-1)
    return [{ code, path, message: first ? refusal(first, key) : 'does not fit' }]
  }
  return [{ code, path, message: refusal(issue, valueAt(input, issue.path)) }]
}
