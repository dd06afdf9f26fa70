// Every command line of dispatch that a document shows is one that the CLI takes.
import { beforeAll, describe, expect, test } from 'vitest'
import { readDocuments } from '../src/documents.ts'
import { examplesOf } from '../src/examples.ts'
import { makeParser } from './parser.ts'

let parse: Awaited<ReturnType<typeof makeParser>>

beforeAll(async () => {
  parse = await makeParser()
})

const argvsOf = (text: string): string[][] =>
  examplesOf({ path: 'x.md', text }).map(({ argv }) => argv)

describe('finding examples', () => {
  test.each([
    ['a plain one', '```sh\ndispatch list --json\n```', [['list', '--json']]],
    ['quotes', "```sh\ndispatch send @a \"it's\" 'b c'\n```", [['send', '@a', "it's", 'b c']]],
    ['a continued line', '```sh\ndispatch new \\\n  --name a\n```', [['new', '--name', 'a']]],
    ['a comment', '```sh\ndispatch list # dispatch none\n```', [['list']]],
    ['pipes', '```sh\ngit diff | dispatch send @a -\n```', [['send', '@a', '-']]],
    ['a substitution', '```sh\nsource <(dispatch completion bash)\n```', [['completion', 'bash']]],
    [
      'an environment',
      '```sh\nDISPATCH_HOME=/x dispatch up && dispatch down\n```',
      [['up'], ['down']],
    ],
    ['the checkout', '```sh\nnpx -y pnpm@12.21.0 exec dispatch up\n```', [['up']]],
    ['a session', '```console\n$ dispatch list\ndispatch: no\n```', [['list']]],
    ['inline code', 'Use `dispatch wait LANE` here.', [['wait', 'LANE']]],
    ['other languages', '```text\ndispatch nothing\n```', []],
    ['other programs', '```sh\necho dispatch list\n```', []],
  ])('%s', (_name, text, argvs) => {
    expect(argvsOf(text)).toEqual(argvs)
  })
})

test('a wrong example is refused', async () => {
  await expect(parse(['list', '--colour'])).rejects.toThrow(/colour/)
  await expect(parse(['daemon', 'state'])).rejects.toThrow()
})

const documents = readDocuments()

test('README and guide have examples', () => {
  for (const path of ['README.md', 'docs/guide/lanes.md', 'docs/reference/cli.md']) {
    const found = documents.filter((document) => document.path === path).flatMap(examplesOf)
    expect(found.length, path).toBeGreaterThan(5)
  }
})

test.each(documents.map((document) => [document.path, document] as const))(
  'the examples of %s are taken by the CLI',
  async (_path, document) => {
    for (const { line, argv } of examplesOf(document)) {
      const parsed = await parse(argv).catch((error: unknown) => String(error))
      expect(typeof parsed === 'string' ? `${line}: ${parsed}` : 'taken').toBe('taken')
    }
  },
)
