// Every promise of the page on reliability has its row, and the tests that hold it are there.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from '../src/documents.ts'
import { linksOf } from '../src/links.ts'
import { hasTitle, rowsOf } from '../src/named-tests.ts'

const path = 'docs/reliability.md'
const rows = rowsOf(readFileSync(new URL(path, root), 'utf8'))

test('every promise has its row', () => {
  expect(rows.length).toBeGreaterThan(20)
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_row, at) => at + 1))
})

test.each(rows)('$number: the tests that hold it are there', ({ held, tests }) => {
  const files = linksOf({ path, text: held }).map(({ target }) => target)
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect(file).toMatch(/\.test\.ts$/)
    expect(existsSync(new URL(file, root)), file).toBe(true)
  }
  for (const { file, title } of tests) {
    expect(hasTitle(readFileSync(new URL(file, root), 'utf8'), title), `${file}: ${title}`).toBe(
      true,
    )
  }
})
