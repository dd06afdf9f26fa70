// The law: whatever the fast path takes, the full parser takes in the same way.
import { appRouter, describeRouter } from '@dispatch/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFast } from '../fast/parse.ts'
import { manifestToTables } from '../generate/tables.ts'
import type { Parsed } from '../commands/invocation.ts'
import { makeFullParser } from './parse.ts'

const tables = manifestToTables(describeRouter(appRouter), '1.2.3')
const full = makeFullParser(tables)

const odd = [
  '',
  '-',
  '--',
  '--=',
  '-1',
  '-2.5',
  '=',
  '--json=',
  '--no-json',
  '-n',
  '-nx',
  '-h',
  '--help',
]
const prototypes = [
  '__proto__',
  'constructor',
  'toString',
  '--__proto__',
  '--constructor',
  'hasOwnProperty',
]
const plain = [
  '@docs',
  '0k7M4a',
  'hi there',
  'A=1',
  '5',
  '0',
  '1.5',
  'x',
  'bash',
  'idle',
  'any',
  'help',
  'json',
]

const fieldWords = tables.commands.flatMap(({ fields }) =>
  fields.flatMap((field) => [
    `--${field.name}`,
    `--no-${field.name}`,
    `--${field.name}=5`,
    `--${field.name}=`,
    ...(field.file ? [`--${field.file}`] : []),
    ...(field.choices ?? []),
  ]),
)
const globalWords = [
  '--json',
  '--output',
  '--output=json',
  '--no-color',
  '--yes',
  '--home',
  '--follow',
  '--no-interactive',
  '--version',
]

const anything = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...plain) },
  { weight: 4, arbitrary: fc.constantFrom(...fieldWords) },
  { weight: 2, arbitrary: fc.constantFrom(...globalWords) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
  { weight: 1, arbitrary: fc.constantFrom(...prototypes) },
  { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
)

// Mostly what a command takes, so that the fast path has something to say.
const fitting = (index: number): fc.Arbitrary<string[]> => {
  const command = tables.commands[index] as (typeof tables.commands)[number]
  const value = (choices: string[] | undefined): fc.Arbitrary<string> =>
    choices ? fc.constantFrom(...choices) : fc.constantFrom(...plain)
  const parts = command.fields.flatMap((field): fc.Arbitrary<string[]>[] => {
    const file = field.file ? [value(undefined).map((one) => [`--${field.file}`, one])] : []
    if (field.positional) return [...file, value(field.choices).map((one) => [one])]
    if (field.kind === 'boolean') return [fc.constant([`--${field.name}`])]
    const named = field.kind === 'number' ? fc.constantFrom('3', '1.5', '-1') : value(field.choices)
    return [
      ...file,
      named.map((one) => [`--${field.name}`, one]),
      named.map((one) => [`--${field.name}=${one}`]),
    ]
  })
  const global = fc.constantFrom(['--json'], ['--output', 'text'], ['--yes'], ['--follow'])
  const part = fc.oneof(
    global,
    ...parts,
    fc.constantFrom(...plain).map((one) => [one]),
  )
  const demanded = command.fields
    .filter(({ positional, required }) => positional && required)
    .map(({ choices }) => value(choices).map((one) => [one]))
  return fc
    .tuple(
      // However many flags a command has, most argvs have the operands that it insists on.
      fc.oneof(
        { weight: 1, arbitrary: fc.constant([]) },
        { weight: 3, arbitrary: fc.tuple(...demanded) },
      ),
      fc.array(part, { maxLength: 5 }),
      fc.array(anything, { maxLength: 1 }),
    )
    .map(([operands, chosen, extra]) => [[...operands, ...chosen], extra] as const)
    .chain(([chosen, extra]) =>
      fc.shuffledSubarray([...chosen, extra], { minLength: chosen.length + 1 }),
    )
    .map((chosen) => [...command.words, ...chosen.flat()])
}

const argvs = fc.oneof(
  { weight: 1, arbitrary: fc.array(anything, { maxLength: 6 }) },
  { weight: 5, arbitrary: fc.nat(tables.commands.length - 1).chain(fitting) },
)

const shape = (parsed: Parsed): unknown =>
  parsed.kind === 'text'
    ? parsed
    : { ...parsed.invocation, command: parsed.invocation.command.words.join(' ') }

test(
  'the fast path agrees with the full parser on 20,000 argvs',
  { timeout: 120_000 },
  async () => {
    let hits = 0
    await fc.assert(
      fc.asyncProperty(argvs, async (argv) => {
        const fast = parseFast(tables, argv)
        if (fast === null) return
        hits += 1
        expect(shape(fast)).toEqual(shape(await full(argv)))
      }),
      { seed: 20_261, numRuns: 20_000 },
    )
    // A law over nothing would hold as well.
    expect(hits).toBeGreaterThan(4_000)
  },
)

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a name of a prototype is no command: %s',
  async (word) => {
    expect(parseFast(tables, [word])).toBeNull()
    expect(parseFast(tables, [word, '--help'])).toBeNull()
    await expect(full([word])).rejects.toMatchObject({ code: 'usage' })
  },
)
