import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseFast } from '../fast/parse.ts'
import { makeFullParser } from '../full/parse.ts'
import { makeFakeIo } from '../testing/fake-io.ts'
import { realTables } from '../testing/fake-reach.ts'
import { shapeInput } from './shape.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'dispatch-shape-'))
  writeFileSync(join(directory, 'task.md'), '\ufeffDo it.\n')
  writeFileSync(join(directory, 'schema.json'), '{"type":"object"}')
  writeFileSync(join(directory, 'goal.md'), 'All is well.')
  writeFileSync(join(directory, 'latin1'), Buffer.from([0x66, 0xfc, 0x72]))
  writeFileSync(join(directory, 'huge'), Buffer.alloc(4 * 1_048_576 + 1, 'a'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const full = makeFullParser(realTables)

const shape = async (argv: string[], stdin?: string | Uint8Array) => {
  const parsed = parseFast(realTables, argv) ?? (await full(argv))
  if (parsed.kind !== 'call') throw new Error('no call')
  const io = makeFakeIo({ cwd: directory, ...(stdin === undefined ? {} : { stdin }) })
  const { form, input } = await shapeInput(parsed.invocation, {
    ...io,
    signal: new AbortController().signal,
  })
  return { op: form.op, input }
}

describe('a variant', () => {
  test('is the other op, without its flag', async () => {
    const argv = ['list', '--unmanaged', '--limit', '3', '--include-subagents']
    expect(await shape(argv)).toEqual({
      op: 'listUnmanaged',
      input: { limit: 3, includeSubagents: true },
    })
    expect((await shape(['list', '--limit', '3'])).op).toBe('list')
  })

  test.each([
    [['--to', '@a', '--to', '0k7M4a', 'hi', '--queue'], 'hi'],
    [['hi', '--queue', '--to=@a', '--to', '0k7M4a'], 'hi'],
    [['--mode', 'queue', '--to', '@a', '--to', '0k7M4a', '--input-file', 'task.md'], 'Do it.\n'],
    [['--to', '@a', '--to', '0k7M4a', '--queue', '--', '--hi'], '--hi'],
  ])('takes the operands of the other op: %j', async (flags, text) => {
    expect(await shape(['send', ...flags])).toEqual({
      op: 'sendTo',
      input: { to: ['@a', '0k7M4a'], text, mode: 'queue' },
    })
  })

  test('that was not chosen leaves its command as it is', async () => {
    expect(await shape(['send', '@a', 'hi', '--steer'])).toEqual({
      op: 'send',
      input: { lane: '@a', text: 'hi', mode: 'steer' },
    })
  })

  test.each([
    [['send', '--to', '@a', 'hi'], '--to goes with --queue only.'],
    [['send', '--to', '@a', 'hi', '--steer'], '--to goes with --queue only.'],
    [['send', '--to', '@a', '@b', 'hi', '--queue'], '<lane> does not go with --to.'],
    [['send', '--to', '@a', 'hi', '--queue', '--wait'], '--wait does not go with --to.'],
    [['send', '--to', '@a', '--queue'], 'Missing: <text>, or --input-file FILE.'],
    [['send'], 'Missing: <lane>, or --to.'],
    [['list', '--unmanaged', '--include-archived'], 'does not go with --unmanaged'],
    [['list', '--include-subagents'], 'goes with --unmanaged only'],
  ])('%j is refused', async (argv, message) => {
    await expect(shape(argv)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message) as string,
    })
  })
})

describe('JSON', () => {
  test.each([
    [['--output-schema', '{"type":"object"}'], undefined],
    [['--output-schema-file', 'schema.json'], undefined],
    [['--output-schema-file', '-'], '{"type":"object"}'],
  ])('from %j', async (flags, stdin) => {
    const { input } = await shape(['new', '--name', 'x', ...flags], stdin)
    expect(input.outputSchema).toEqual({ type: 'object' })
  })

  test.each([
    [['--output-schema', '{type}'], '--output-schema is not JSON'],
    [['--output-schema-file', 'task.md'], 'task.md is not JSON'],
  ])('that is none is refused: %j', async (flags, message) => {
    await expect(shape(['new', '--name', 'x', ...flags])).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining(message) as string,
    })
  })
})

describe('texts', () => {
  test('from the argument', async () => {
    expect(await shape(['send', '@a', 'hi'])).toEqual({
      op: 'send',
      input: { lane: '@a', text: 'hi' },
    })
  })

  test('from a file, without its byte order mark', async () => {
    expect((await shape(['send', '@a', '--input-file', 'task.md'])).input.text).toBe('Do it.\n')
  })

  test('from stdin, by - as the file or as the text', async () => {
    expect((await shape(['send', '@a', '--input-file', '-'], 'piped')).input.text).toBe('piped')
    expect((await shape(['send', '@a', '-'], 'piped')).input.text).toBe('piped')
  })

  test.each([
    [['send', '@a', 'hi', '--input-file', 'task.md'], 'usage', 'not both'],
    [['send', '@a'], 'usage', 'Missing: <text>, or --input-file FILE'],
    [['send', '@a', '--input-file', 'absent'], 'validation', 'there is no such file'],
    [['send', '@a', '--input-file', '.'], 'validation', 'it is a directory'],
    [['send', '@a', '--input-file', 'latin1'], 'validation', 'not UTF-8'],
    [['send', '@a', '--input-file', 'huge'], 'validation', 'too big'],
    [['new', '--name', 'x', '--input-file', '-', '--base-file', '-'], 'usage', 'read once'],
  ])('%j is refused as %s', async (argv, code, message) => {
    await expect(shape(argv, 'x')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    })
  })
})

describe('values', () => {
  test('an empty path is refused: it would mean the current directory', async () => {
    await expect(shape(['new', '--name', 'x', '--cwd', ''])).rejects.toMatchObject({
      code: 'usage',
      message: '--cwd is empty: name a path.',
    })
  })

  test('paths are made absolute, pairs a record, repeated flags a list', async () => {
    const argv = [
      'new',
      '-n',
      'x',
      '--cwd',
      'sub',
      '--add-dir',
      'a',
      '--add-dir',
      '/b',
      '--no-send',
    ]
    expect(await shape([...argv, '--env', 'A=1=2', '--env', 'B='])).toEqual({
      op: 'new',
      input: {
        name: 'x',
        cwd: join(directory, 'sub'),
        send: false,
        env: { A: '1=2', B: '' },
        addDir: [join(directory, 'a'), '/b'],
      },
    })
  })

  test('a flag named otherwise than its field', async () => {
    expect((await shape(['wait', '@a', '--timeout', '1.5'])).input.timeoutSeconds).toBe(1.5)
  })

  test.each([
    [['new', '-n', 'x', '--env', 'A'], 'usage', 'takes KEY=VALUE'],
    [['list', '--limit', '1.5'], 'validation', 'a whole number'],
    [['list', '--limit', '0'], 'validation', 'at least 1'],
    [['list', '--limit', '1001'], 'validation', 'at most 1000'],
  ])('%j is refused', async (argv, code, message) => {
    await expect(shape(argv)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    })
  })
})

describe('--follow', () => {
  test('chooses the op and its fields', async () => {
    expect(await shape(['watch', '@a', '--limit', '3'])).toEqual({
      op: 'watch',
      input: { lanes: ['@a'], limit: 3 },
    })
    expect(await shape(['watch', '--follow', '--after', '1.2', '--no-deltas'])).toEqual({
      op: 'watchFollow',
      input: { after: '1.2', deltas: false },
    })
  })

  test.each([
    [['watch'], 'Missing: <lanes>, or dispatch watch --follow'],
    [['watch', '@a', '--after', '1.2'], '--after goes with --follow only'],
    [['watch', '@a', '--follow', '--limit', '3'], '--limit does not go with --follow'],
    [['tail', '@a', '--follow', '--before', 'c'], '--before does not go with --follow'],
  ])('%j is a usage error', async (argv, message) => {
    await expect(shape(argv)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message) as string,
    })
  })

  test('is one of the words where free words are taken', async () => {
    expect((await shape(['schema', 'watch', '--follow'])).input).toEqual({
      command: ['watch', '--follow'],
    })
  })
})

test('every example of the contract parses and has what its op needs', async () => {
  const split = (line: string): string[] =>
    [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
      (match) => match[1] ?? match[2] ?? match[3] ?? '',
    )
  const examples = realTables.commands.flatMap(({ examples: own }) => own)
  const runnable = examples.flatMap((one) => one.match(/dispatch [^|&)]*/g) ?? [])
  for (const example of runnable) await shape(split(example).slice(1), 'x')
  expect(runnable.length).toBeGreaterThan(20)
})
