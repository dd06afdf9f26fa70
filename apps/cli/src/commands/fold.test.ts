import type { Manifest, ManifestOp } from '@dispatch/contract/manifest'
import { describe, expect, test } from 'vitest'
import { realTables } from '../testing/fake-reach.ts'
import { foldManifest } from './fold.ts'
import { commandHelp } from './help.ts'

const op = (path: string, properties: object, meta: object = {}): ManifestOp => ({
  path,
  kind: 'query',
  input: { type: 'object', properties, required: [] },
  output: {},
  meta: {
    description: 'Does it. At length.',
    intent: 'read',
    cliMeta: { examples: [`dispatch ${path}`], view: { kind: 'fields' } },
    ...meta,
  },
})

const manifest = (...ops: ManifestOp[]): Manifest => ({ wire: 1, hash: 'x', ops })

describe('folding', () => {
  test('hidden ops are no commands, dotted paths are words', () => {
    const commands = foldManifest(
      manifest(op('daemon.fullStatus', {}), op('secret', {}, { hidden: true })),
    )
    expect(commands.map(({ words }) => words)).toEqual([['daemon', 'full-status']])
  })

  test('a call to the daemon that may write names what traces it, whatever that is called', () => {
    const mutation = (path: string, meta: object = {}) => ({
      ...op(path, {}, meta),
      kind: 'mutation' as const,
    })
    const asked = op('whatBecameOf', {}, { hidden: true, tracesCalls: true })
    const local = mutation('demo', { runs: 'local' })
    const commands = foldManifest(manifest(op('list', {}), mutation('send'), local, asked))
    expect(commands.map(({ plain }) => plain.tracedBy)).toEqual([
      undefined,
      'whatBecameOf',
      undefined,
    ])
  })

  test('a subscription that follows becomes the --follow of its command', () => {
    const [command, ...rest] = foldManifest(
      manifest(
        op('tail', { lane: { type: 'string', positional: true }, before: { type: 'string' } }),
        op(
          'tailFollow',
          { lane: { type: 'string', positional: true }, after: { type: 'string' } },
          { follows: 'tail' },
        ),
      ),
    )
    expect(rest).toEqual([])
    expect(command?.follow?.op).toBe('tailFollow')
    expect(command?.fields.map(({ name, form }) => [name, form])).toEqual([
      ['lane', undefined],
      ['before', 'plain'],
      ['after', 'follow'],
    ])
    expect(command?.examples).toEqual(['dispatch tail', 'dispatch tailFollow'])
  })

  const limit = { type: 'integer', description: 'How many' }
  const variantOf = { op: 'list', flag: 'unmanaged' }

  test('a variant becomes a flag of its command, which knows what goes with it', () => {
    const [command, ...rest] = foldManifest(
      manifest(
        op('list', { limit, status: { type: 'string' } }),
        op('listUnmanaged', { limit, deep: { type: 'boolean' } }, { variantOf }),
      ),
    )
    expect(rest).toEqual([])
    expect(command?.variant).toMatchObject({ op: 'listUnmanaged', flag: 'unmanaged' })
    expect(command?.fields.map(({ name, onlyWith, notWith }) => [name, onlyWith, notWith])).toEqual(
      [
        ['unmanaged', undefined, undefined],
        ['limit', undefined, undefined],
        ['status', undefined, 'unmanaged'],
        ['deep', 'unmanaged', undefined],
      ],
    )
    const help = commandHelp(command as NonNullable<typeof command>)
    expect(help).toMatch(/--unmanaged +Does it\./)
    expect(help).toContain('(without --unmanaged)')
  })

  const lane = { type: 'string', positional: true, description: 'Where' }
  const text = { type: 'string', positional: true, description: 'What' }
  const to = { type: 'array', items: { type: 'string' }, description: 'To whom' }
  const mode = (...values: string[]) => ({ type: 'string', enum: values, description: 'How' })
  const sendTo = (properties: object, ...required: string[]): ManifestOp => {
    const varied = op('sendTo', properties, { variantOf: { op: 'send', flag: 'to' } })
    return { ...varied, input: { ...varied.input, required } }
  }

  test('a variant may be chosen by a field of its own, and demand what its command does not', () => {
    const plain = op('send', { lane, text, mode: mode('a', 'b') })
    plain.input.required = ['lane', 'text']
    const [command] = foldManifest(
      manifest(plain, sendTo({ to, text, mode: mode('b') }, 'to', 'text', 'mode')),
    )
    expect(command?.fields).toMatchObject([
      { name: 'to', kind: 'list', requiredInVariant: true },
      { name: 'lane', required: true, notWith: 'to' },
      { name: 'text', required: true, requiredInVariant: true },
      { name: 'mode', requiredInVariant: true, choices: ['a', 'b'], choicesInVariant: ['b'] },
    ])
    expect(command?.fields.every((field) => !field.chooses)).toBe(true)
    const help = commandHelp(command as NonNullable<typeof command>)
    expect(help).toContain('Usage: dispatch send <lane> <text> [options]\n')
    expect(help).toContain('       dispatch send --to TO... <text> [options]\n')
    expect(help).toContain('How (with --to: b)')
  })

  test.each([
    ['one of its own', { to, text, more: text }],
    ['none of those that are no text', { to, text }],
  ])('a variant with other positionals stops the generation: %s', (what, properties) => {
    const kind = what === 'one of its own' ? lane : { ...lane, type: 'number' }
    const plain = op('send', { lane: kind, text })
    expect(() => foldManifest(manifest(plain, sendTo(properties, 'to')))).toThrow('do not fit')
  })

  test.each([
    ['a flag of every command', { json: { type: 'boolean' } }],
    ['a name that is taken', { a: { type: 'string', flag: 'b' }, b: { type: 'string' } }],
    [
      'a list before another positional',
      {
        a: { type: 'array', items: { type: 'string' }, positional: true },
        b: { type: 'string', positional: true },
      },
    ],
    ['a schema without a form', { a: { type: 'object', properties: {} } }],
  ])('%s stops the generation', (_what, properties) => {
    expect(() => foldManifest(manifest(op('x', properties)))).toThrow()
  })

  test('no line of help is wider than a terminal, but for examples', () => {
    const texts = Object.values(realTables.help())
    const lines = texts.flatMap((text) => text.split('\nExamples:\n')[0]?.split('\n') ?? [])
    expect(lines.length).toBeGreaterThan(500)
    expect(lines.filter((line) => line.length > 80)).toEqual([])
  })

  test('help shows names, choices and no schema', () => {
    const [command] = foldManifest(
      manifest(
        op('x', {
          waitSeconds: { type: 'number', flag: 'wait', minimum: 0, description: 'How long' },
          level: { type: 'string', enum: ['a', 'b'], alias: 'l', description: 'Which' },
        }),
      ),
    )
    const help = commandHelp(command as NonNullable<typeof command>)
    expect(help).toContain('--wait N')
    expect(help).toContain('-l, --level a|b')
    expect(help).not.toMatch(/minimum|type|enum/)
  })
})
