import { expect, test } from 'vitest'
import { parseFast } from '../fast/parse.ts'
import { makeFullParser } from '../full/parse.ts'
import { suggest } from '../local/completion/suggest.ts'
import { realTables } from '../testing/fake-reach.ts'
import { findCommand } from './find.ts'
import { foldManifest } from './fold.ts'
import { commandHelp } from './help.ts'
import { takeValueSwitches } from './value-switches.ts'

const full = makeFullParser(realTables)

const taken = async (...flags: string[]) => {
  const argv = ['send', '@docs', 'hi', ...flags]
  const parsed = parseFast(realTables, argv) ?? (await full(argv))
  if (parsed.kind !== 'call') throw new Error('no call')
  return takeValueSwitches(parsed.invocation).values
}

test.each(['steer', 'queue', 'interject', 'context'])(
  '--%s says a value of --mode',
  async (mode) => {
    expect(await taken(`--${mode}`)).toEqual({ lane: '@docs', text: 'hi', mode })
    expect(await taken('--mode', mode)).toEqual({ lane: '@docs', text: 'hi', mode })
    expect(await taken('--mode', mode, `--${mode}`)).toEqual({ lane: '@docs', text: 'hi', mode })
  },
)

test('a value that has no switch is said by the flag alone', async () => {
  expect(await taken('--mode', 'send')).toMatchObject({ mode: 'send' })
  expect(await taken()).not.toHaveProperty('mode')
  await expect(taken('--send')).rejects.toMatchObject({ code: 'usage' })
})

test.each([
  [['--steer', '--queue'], 'Give --steer or --queue, not both.'],
  [['--queue', '--mode', 'context'], 'Give --mode context or --queue, not both.'],
  [['--mode=send', '--interject'], 'Give --mode send or --interject, not both.'],
])('two that differ are a usage error that names both: %j', async (flags, message) => {
  await expect(taken(...flags)).rejects.toMatchObject({
    code: 'usage',
    message,
    hint: 'dispatch send --help',
  })
})

test('the help and the completion know them', async () => {
  const send = findCommand(realTables.commands, ['send'])
  if (!send) throw new Error('no send')
  expect(commandHelp(send)).toMatch(/--steer +Short for --mode steer/)
  const { found } = await suggest(realTables.commands, ['send', '--inter'], async () => [])
  expect(found.map(({ value }) => value)).toEqual(['--interject'])
})

test('a switch that is no value of the field stops the generation', () => {
  const properties = { mode: { type: 'string', enum: ['a'], switches: ['b'] } }
  const op = {
    path: 'x',
    kind: 'query' as const,
    input: { type: 'object', properties },
    output: {},
    meta: {
      description: 'Does it.',
      intent: 'read' as const,
      cliMeta: { examples: [], view: { kind: 'fields' as const } },
    },
  }
  expect(() => foldManifest({ wire: 1, hash: 'x', ops: [op] })).toThrow('the switch b')
})
