// Every command line of dispatch that the sentences of a document name is one that the CLI takes, and so is
// each in a shell example that no test can play. The others are played, in real.
import { beforeAll, describe, expect, test } from 'vitest'
import { readDocuments } from '../src/documents.ts'
import { argvsOf, examplesOf } from '../src/examples.ts'
import { makeParser } from './parser.ts'
import { notPlayed } from './real/not-played.ts'

let parse: Awaited<ReturnType<typeof makeParser>>

beforeAll(async () => {
  parse = await makeParser()
})

const faultOf = (argv: string[]): Promise<string | null> =>
  parse(argv).then(
    () => null,
    (error: unknown) => String(error),
  )

describe('finding command lines', () => {
  test.each([
    ['a plain one', 'dispatch list --json', [['list', '--json']]],
    ['quotes', "dispatch send @a \"it's\" 'b c'", [['send', '@a', "it's", 'b c']]],
    ['a comment', 'dispatch list # dispatch none', [['list']]],
    ['pipes', 'git diff | dispatch send @a -', [['send', '@a', '-']]],
    ['a substitution', 'source <(dispatch completion bash)', [['completion', 'bash']]],
    ['an environment', 'DISPATCH_HOME=/x dispatch up && dispatch down', [['up'], ['down']]],
    ['the checkout', 'npx -y pnpm@12.21.0 exec dispatch up', [['up']]],
    ['other programs', 'echo dispatch list', []],
  ])('%s', (_name, line, argvs) => {
    expect(argvsOf(line)).toEqual(argvs)
  })

  test('in sentences, not in blocks', () => {
    const text = 'Use `dispatch wait LANE` here.\n\n```sh\ndispatch list\n```\n'
    expect(examplesOf({ path: 'x.md', text }).map(({ argv }) => argv)).toEqual([['wait', 'LANE']])
  })
})

test('a wrong example is refused', async () => {
  await expect(parse(['list', '--colour'])).rejects.toThrow(/colour/)
  await expect(parse(['daemon', 'state'])).rejects.toThrow()
})

const documents = readDocuments()

test('README and guide name commands', () => {
  for (const path of ['README.md', 'docs/guide/lanes.md']) {
    const found = documents.filter((document) => document.path === path).flatMap(examplesOf)
    expect(found.length, path).toBeGreaterThan(5)
  }
})

test.each(documents.map((document) => [document.path, document] as const))(
  'the CLI takes what %s names',
  async (_path, document) => {
    for (const { line, argv } of examplesOf(document)) {
      expect(await faultOf(argv), line).toBeNull()
    }
  },
)

test('the CLI takes what cannot be played', async () => {
  for (const line of Object.values(notPlayed).flat()) {
    for (const argv of argvsOf(line)) expect(await faultOf(argv), line).toBeNull()
  }
})
