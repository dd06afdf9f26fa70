import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestAsk } from '../../test/bench.ts'
import { formToProblems } from './form-problems.ts'
import { givenToAnswer } from './respond.ts'

const problemsOf = (result: ReturnType<typeof givenToAnswer>) =>
  'problems' in result ? result.problems : []

describe('the fields of a form', () => {
  const form = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 2, maxLength: 3 },
      age: { type: 'integer', minimum: 1, maximum: 9 },
      rate: { type: 'number' },
      ok: { type: 'boolean' },
      kind: { type: 'string', enum: ['a', 'b'] },
      titled: { type: 'string', oneOf: [{ const: 'x', title: 'X' }] },
      many: { type: 'array', minItems: 1, items: { type: 'string', enum: ['a', 'b'] } },
      odd: { type: 'nobody knows' },
    },
    required: ['name'],
  }

  it.each([
    [{ name: 'bob' }],
    [{ name: 'bob', age: 9, rate: 0.5, ok: false, kind: 'b', titled: 'x', many: ['a', 'b'] }],
    // What the schema says in words that are not known is left to the server.
    [{ name: 'bob', odd: { anything: 1 } }],
    // Characters are counted, not UTF-16 units.
    [{ name: '🙂🙂🙂' }],
  ])('%j fit', (given) => {
    expect(formToProblems(form, given)).toEqual([])
  })

  it.each([
    [{}, 'name is missing'],
    [{ name: 'b' }, 'name must be at least 2 characters'],
    [{ name: 'long' }, 'name must be at most 3 characters'],
    [{ name: 7 }, 'name must be text'],
    [{ name: 'bob', age: 1.5 }, 'age must be a whole number'],
    [{ name: 'bob', age: 10 }, 'age must be at most 9'],
    [{ name: 'bob', rate: '1' }, 'rate must be a number'],
    [{ name: 'bob', ok: 'yes' }, 'ok must be true or false'],
    [{ name: 'bob', kind: 'c' }, 'kind must be one of "a", "b"'],
    [{ name: 'bob', titled: 'X' }, 'titled must be one of "x"'],
    [{ name: 'bob', many: [] }, 'many must be at least 1 entries'],
    [{ name: 'bob', many: ['c'] }, 'many every entry must be one of "a", "b"'],
    [{ name: 'bob', many: 'a' }, 'many must be a list'],
    [{ name: 'bob', toString: 1 }, 'toString was not asked for'],
  ])('%j do not: %s', (given, problem) => {
    expect(formToProblems(form, given)).toEqual([problem])
  })

  it('are checked against any schema without a throw', () => {
    fc.assert(
      fc.property(fc.object(), fc.object(), (schema, given) => {
        expect(Array.isArray(formToProblems(schema, given))).toBe(true)
      }),
    )
  })
})

describe('answers to questions', () => {
  const question = (id: string, part: object = {}) => ({
    id,
    header: '',
    question: '?',
    options: [{ label: 'A', description: '' }],
    other: false,
    secret: false,
    ...part,
  })
  const ask = requestAsk({
    kind: 'question',
    questions: [question('one'), question('two', { options: null })],
  })

  it('are texts or lists of texts, one for each', () => {
    expect(givenToAnswer(ask, { one: 'A', two: ['x', 'y'] })).toEqual({
      answer: { decision: 'respond', answers: { one: ['A'], two: ['x', 'y'] } },
    })
  })

  it('are of the options, where no other is taken', () => {
    expect(problemsOf(givenToAnswer(ask, { one: 'B', two: 'x' }))).toEqual([
      'one must be one of "A"',
    ])
    const open = { ...ask, questions: [question('one', { other: true })] }
    expect(problemsOf(givenToAnswer(open, { one: 'B' }))).toEqual([])
  })

  it('lack none and have no more', () => {
    expect(problemsOf(givenToAnswer(ask, { one: [], constructor: 'x' }))).toEqual([
      'constructor was not asked',
      'one needs a text or a list of texts',
      'two needs a text or a list of texts',
    ])
  })
})

describe('a grant', () => {
  const permissions = { network: true, files: [{ access: 'write', path: '/a' }] }
  const ask = requestAsk({ kind: 'permissions', permissions })

  it('is a part of what was asked', () => {
    expect(givenToAnswer(ask, { files: ['/a'] })).toEqual({
      answer: {
        decision: 'respond',
        grant: { network: false, files: ['/a'], forSession: false },
      },
    })
    expect(problemsOf(givenToAnswer(ask, { files: ['/'] }))).toEqual(['/ was not asked for'])
    expect(problemsOf(givenToAnswer(ask, { more: 1 }))).toHaveLength(1)
    const local = { ...ask, permissions: { ...permissions, network: false } }
    expect(problemsOf(givenToAnswer(local, { network: true }))).toEqual([
      'network was not asked for',
    ])
  })
})
