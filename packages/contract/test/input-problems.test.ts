// What every op says of an input that does not fit: law for all of them, and the words by example.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bounds } from '../src/bounds.ts'
import { MessageText, Timestamp } from '../src/fields.ts'
import { problemsToMessage } from '../src/input-error.ts'
import { issueToProblems } from '../src/input-problem.ts'
import type { JsonSchema } from '../src/manifest.ts'
import { appRouter } from '../src/router.ts'
import { walk, type WalkedOp } from '../src/walk.ts'
import { sampleOf } from '../src/testing/sample.ts'

const secret = 'zzsecretzz'
const zodWords =
  /Invalid|Unrecognized|Too (?:big|small)|expected|received|✖|→|\[object|NaN|undefined|does not fit/

const messageOf = (schema: z.ZodType, input: unknown): string | null => {
  const parsed = schema.safeParse(input)
  if (parsed.success) return null
  return problemsToMessage(parsed.error.issues.flatMap((issue) => issueToProblems(issue, input)))
}

const inputOf = ({ input }: WalkedOp): JsonSchema =>
  z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })

const wrongValues = [
  null,
  '',
  '   ',
  'x'.repeat(bounds.message + 1),
  -1,
  1.5,
  1e18,
  true,
  [],
  [7],
  ['', null],
  {},
  { a: 1 },
  { '0 1': 'x' },
  Array.from({ length: bounds.page + 1 }, () => 'y'),
]

describe('every op', () => {
  const ops = walk(appRouter).map((op) => [op.path, op] as const)

  it.each(ops)('%s says what is wrong in plain words', (_path, op) => {
    const schema = inputOf(op)
    const good = sampleOf(schema, 'all') as Record<string, unknown>
    const names = Object.keys(schema['properties'] ?? {})
    const cases: [string, unknown][] = [
      ['nofield', { ...good, nofield: secret }],
      ['The input', secret],
      ['The input', null],
      ...names.flatMap((name) =>
        [...wrongValues, { deep: { x: secret } }, [{ x: secret }]].map(
          (value): [string, unknown] => [name, { ...good, [name]: value }],
        ),
      ),
      ...((schema['required'] ?? []) as string[]).map((name): [string, unknown] => {
        const { [name]: _, ...rest } = good
        return [name, rest]
      }),
    ]
    for (const [name, input] of cases) {
      const message = messageOf(op.input, input)
      if (message === null) continue
      expect(message).not.toMatch(zodWords)
      expect(message).not.toContain(secret)
      expect(message.startsWith(name), `${name}: ${message}`).toBe(true)
      expect(message).toMatch(/\.$/)
      expect(message.length).toBeLessThan(1_000)
    }
  })
})

describe('the words', () => {
  const say = (schema: z.ZodType, value: unknown) =>
    messageOf(z.strictObject({ f: schema }), { f: value })

  it.each<[string, z.ZodType, unknown, string]>([
    ['a number beyond a bound', z.number().max(1000), 5000, 'f must be at most 1000, not 5000.'],
    ['a part of a number', z.number().int(), 1.5, 'f must be a whole number, not 1.5.'],
    ['a number below', z.number().min(1), 0, 'f must be at least 1, not 0.'],
    ['more than', z.number().positive(), 0, 'f must be more than 0, not 0.'],
    ['a text too long', z.string().max(3), 'abcde', 'f must have at most 3 characters; it has 5.'],
    ['an empty text', z.string().min(1), '', 'f must not be empty.'],
    [
      'a list too long',
      z.array(z.string()).max(1),
      ['a', 'b'],
      'f must have at most 1 entries; it has 2.',
    ],
    ['a wrong kind', z.string(), 7, 'f must be text, not 7.'],
    ['a text for a number', z.number(), secret, 'f must be a number, not text.'],
    ['nothing', z.string(), undefined, 'f is missing.'],
    ['a choice', z.enum(['a', 'b', 'c']), 'd', 'f must be a, b or c, not "d".'],
    [
      'a long choice',
      z.enum(['a', 'b']),
      'x'.repeat(99),
      `f must be a or b, not "${'x'.repeat(40)}...".`,
    ],
    [
      'a time',
      Timestamp,
      'soon',
      'f must be an instant such as 2026-01-02T03:04:05.678Z, not "soon".',
    ],
    [
      'a day or a time',
      Timestamp.or(z.iso.date()),
      'soon',
      'f must be an instant such as 2026-01-02T03:04:05.678Z or a day such as 2026-01-02, not "soon".',
    ],
    [
      'a message',
      MessageText,
      'é'.repeat(1_048_577),
      'f must be at most 1048576 characters (the limit of Codex); it has 1048577.',
    ],
    [
      'text or list',
      z.union([z.string(), z.array(z.string())]),
      7,
      'f must be text or a list, not 7.',
    ],
  ])('%s', (_name, schema, value, message) => {
    expect(say(schema, value)).toBe(message)
  })

  it('names a key, a place in a list, and several at once', () => {
    const env = z.record(z.string().regex(/^[A-Z]+$/, 'must be a variable name'), z.string())
    expect(say(env, { '1x': 'v' })).toBe('f.1x must be a variable name.')
    expect(say(z.array(z.string()), ['a', 7])).toBe('f.1 must be text, not 7.')
    const many = z.strictObject(
      Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, z.string()])),
    )
    expect(messageOf(many, {})).toBe('a is missing. b is missing. c is missing. And 4 more.')
  })
})
