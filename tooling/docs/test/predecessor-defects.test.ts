// Every defect of the predecessor has a row, and every test that a row names is there.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from '../src/documents.ts'
import { hasTitle, rowsOf } from '../src/named-tests.ts'

const page = readFileSync(new URL('docs/predecessor-defects.md', root), 'utf8')
const rows = rowsOf(page)

test('tests are read off a row', () => {
  const row = '| 1   | a | b | [x](../a/x.test.ts) “one, “two”, [y](../y.test.ts) “three” |'
  expect(rowsOf(row.replace('one,', 'one”,'))).toEqual([
    {
      number: 1,
      held: expect.any(String) as string,
      tests: [
        { file: 'a/x.test.ts', title: 'one' },
        { file: 'a/x.test.ts', title: 'two' },
        { file: 'y.test.ts', title: 'three' },
      ],
    },
  ])
  expect(hasTitle("test('one', () => {})", 'one')).toBe(true)
  expect(hasTitle("test('one more', () => {})", 'one')).toBe(false)
})

test('every defect has its row', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 35 }, (_, at) => at + 1))
})

test.each(rows)('$number: what it names is there', ({ held, tests }) => {
  if (tests.length === 0) expect(held).toMatch(/^later: /)
  for (const { file, title } of tests) {
    const url = new URL(file, root)
    expect(existsSync(url), file).toBe(true)
    expect(hasTitle(readFileSync(url, 'utf8'), title), `${file}: ${title}`).toBe(true)
  }
})
