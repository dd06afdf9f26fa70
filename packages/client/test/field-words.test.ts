import { appRouter, describeRouter, DispatchError } from '@dispatch/contract'
import { kebabCase } from '@dispatch/contract/kebab-case'
import type { FieldMeta } from '@dispatch/contract/manifest'
import { expect, test } from 'vitest'
import { flagToField, inFieldWords } from '../src/field-words.ts'

const fields = describeRouter(appRouter).ops.flatMap(({ input }) =>
  Object.entries((input.properties ?? {}) as Record<string, FieldMeta>),
)

const meaningsOf = (key: string, { flag, fileFlag, switches }: FieldMeta): [string, string][] => [
  [flag ?? kebabCase(key), key],
  ...(fileFlag ? [[fileFlag, key] as [string, string]] : []),
  ...(switches ?? []).map((value): [string, string] => [kebabCase(value), `${key}: '${value}'`]),
]

test('every flag of the contract is told as one of the fields that it gives', () => {
  const meanings = Map.groupBy(
    fields.flatMap(([key, meta]) => meaningsOf(key, meta)),
    ([flag]) => flag,
  )
  expect(meanings.size).toBeGreaterThan(100)
  for (const [flag, all] of meanings) {
    expect(all.map(([, field]) => field)).toContain(flagToField(flag))
  }
})

test.each([
  [
    'The directory of --cwd must be an absolute path: rel',
    'The directory of cwd must be an absolute path: rel',
  ],
  [
    'mkdir -p /a, or name another directory with --add-dir',
    'mkdir -p /a, or name another directory with addDir',
  ],
  ['Give --text or --input-file, without --no-send.', 'Give text, without send: false.'],
  ['dispatch send a ... with --queue', 'dispatch send a ... with --queue'],
  [
    'Leave out --goal; dispatch config show tells it.',
    'Leave out goal; dispatch config show tells it.',
  ],
])('%s', (said, told) => {
  const error = new DispatchError('validation', said, { hint: said, details: { path: 'rel' } })
  expect(inFieldWords(error)).toMatchObject({ message: told, hint: told, details: { path: 'rel' } })
})

test('an error that is about no input stays itself', () => {
  const error = new DispatchError('app_server', 'codex --version fails.')
  expect(inFieldWords(error)).toBe(error)
})
