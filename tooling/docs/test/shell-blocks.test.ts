// Which shell examples there are, and that the lists beside the tests that play them name what is there:
// a line that is in no list is played.
import { describe, expect, test } from 'vitest'
import { readDocuments } from '../src/documents.ts'
import { shellBlocksOf } from '../src/shell-blocks.ts'
import { notPlayed } from './real/not-played.ts'
import { preparations } from './real/preparations.ts'

const linesOf = (text: string) =>
  shellBlocksOf({ path: 'x.md', text }).flatMap(({ lines }) =>
    lines.map((line) => [line.number, line.text, ...line.shown]),
  )

describe('finding what is typed', () => {
  test.each([
    [
      'lines',
      '```sh\na\n\nb # c\n```',
      [
        [2, 'a'],
        [4, 'b # c'],
      ],
    ],
    [
      'a continued line',
      '```bash\na \\\n  b\nc\n```',
      [
        [2, 'a \\\n  b'],
        [4, 'c'],
      ],
    ],
    ['no comment', '```sh\n# a\nb\n```', [[3, 'b']]],
    [
      'a session',
      '```console\n$ a\nb\n\n$ c\n```',
      [
        [2, 'a', 'b', ''],
        [5, 'c'],
      ],
    ],
    ['nothing in other languages', '```text\na\n```\n\n```toml\n[b]\n```', []],
  ])('%s', (_name, text, lines) => {
    expect(linesOf(text)).toEqual(lines)
  })

  test('a block stands below its heading', () => {
    const text = '# One\n\n```text\n# No\n```\n\n## Two\n\n```sh\na\n```\n'
    expect(shellBlocksOf({ path: 'x.md', text })).toMatchObject([
      { heading: 'Two', isSession: false },
    ])
  })
})

const documents = readDocuments()
const blocks = documents.flatMap(shellBlocksOf)
const shown = new Set(blocks.flatMap(({ lines }) => lines.map(({ text }) => text)))

test('every block of code says what it is in', () => {
  const known = new Set(['sh', 'bash', 'console', 'text', 'ts', 'toml', 'json'])
  const unknown = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/^ *```([^\n]*)\n.*?^ *```$/gms)]
      .filter(([, language = '']) => !known.has(language))
      .map(([, language]) => `${path}: ${language}`),
  )
  expect(unknown).toEqual([])
})

test('what is not played is shown, and listed once', () => {
  const listed = Object.values(notPlayed).flat()
  expect(listed.filter((line) => !shown.has(line))).toEqual([])
  expect(listed.filter((line, at) => listed.indexOf(line) !== at)).toEqual([])
})

test.each(Object.entries(preparations))('what is prepared for %s stands there', (path, ofPage) => {
  const here = blocks.filter((block) => block.path === path)
  const places = new Set(
    here.flatMap(({ heading, lines }) => [`# ${heading}`, ...lines.map(({ text }) => text)]),
  )
  const typed = here.flatMap(({ lines }) => lines.map(({ text }) => text)).join('\n')
  for (const { at, standIns = {}, unjudged = '' } of ofPage) {
    if (at !== undefined) expect(places).toContain(at)
    for (const standIn of [...Object.keys(standIns), unjudged]) expect(typed).toContain(standIn)
  }
})
