import { expect, test } from 'vitest'
import { widthOf } from './width.ts'
import { wrapText } from './wrap.ts'

test('lines are broken at blanks, and at characters where there are none', () => {
  expect(wrapText('the quick brown fox', 10)).toEqual(['the quick', 'brown fox'])
  expect(wrapText('abcdefghijkl', 5)).toEqual(['abcde', 'fghij', 'kl'])
  expect(wrapText('one\n\n  two', 20)).toEqual(['one', '', '  two'])
})

test('wide characters are never cut, and no row is wider than asked', () => {
  const text = '日本語のテキスト 🚀🚀🚀 and 한국어 also e\u0301e\u0301e\u0301'
  for (const columns of [2, 5, 7, 12]) {
    const rows = wrapText(text, columns)
    expect(Math.max(...rows.map(widthOf))).toBeLessThanOrEqual(columns)
    expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  }
})

test('what would act on the terminal is shown, not sent', () => {
  expect(wrapText('red \u001b[31m bell \u0007', 40)).toEqual(['red ␛[31m bell ␇'])
})

test('a megabyte on one line is broken row by row', () => {
  expect(wrapText('x'.repeat(1_000_000), 100)).toHaveLength(10_000)
})

test('a word that has room in a row is never broken, one that has none is', () => {
  const id = '01990000-0000-7000-8000-000000000001'
  expect(wrapText(`Request ${id} of @ask`, 40)).toEqual(['Request', `${id} of`, '@ask'])
  expect(wrapText(`Request ${id} of @ask`, 20)).toEqual([
    'Request 01990000-000',
    '0-7000-8000-00000000',
    '0001 of @ask',
  ])
  expect(wrapText(`  ${id}`, 36)).toEqual([`  ${id.slice(0, 34)}`, '01'])
})
