// Links between the documents lead somewhere.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readDocuments, root } from '../src/documents.ts'
import { anchorsOf, linksOf } from '../src/links.ts'

test('links are found, those with a scheme left out', () => {
  const text = 'A [page](../a.md#to-be), [one](b.md), [this](#here) and [that](https://x.org).'
  expect(linksOf({ path: 'docs/x/y.md', text })).toEqual([
    { from: 'docs/x/y.md', target: 'docs/a.md', anchor: 'to-be' },
    { from: 'docs/x/y.md', target: 'docs/x/b.md', anchor: '' },
    { from: 'docs/x/y.md', target: 'docs/x/y.md', anchor: 'here' },
  ])
})

test('anchors are those of the headings', () => {
  expect([...anchorsOf('# One, two\n\n```sh\n# no\n```\n\n## `a b`\n')]).toEqual(['one-two', 'a-b'])
})

const documents = readDocuments()

test.each(documents.map((document) => [document.path, document] as const))(
  'the links of %s resolve',
  (_path, document) => {
    for (const { target, anchor } of linksOf(document)) {
      const file = new URL(target, root)
      expect(existsSync(file), target).toBe(true)
      if (anchor === '') continue
      expect(anchorsOf(readFileSync(file, 'utf8')), `${target}#${anchor}`).toContain(anchor)
    }
  },
)
