import { expect, test } from 'vitest'
import { editLine, emptyLine, type Line, lineText, typeInto } from './line.ts'

const after = (line: Line, ...keys: string[]): Line =>
  keys.reduce((at, key) => editLine(at, key) ?? at, line)

test('whole characters are moved over and taken, however many code points they have', () => {
  const family = '👨‍👩‍👧'
  const line = typeInto(emptyLine, `a${family}é`)
  expect(after(line, 'left', 'left')).toEqual({ before: 'a', after: `${family}é` })
  expect(lineText(after(line, 'left', 'backspace'))).toBe('aé')
  expect(lineText(after(line, 'home', 'right', 'delete'))).toBe('aé')
})

test.each([
  ['ctrl+u', '', ' three'],
  ['ctrl+k', 'one two', ''],
  ['ctrl+w', 'one ', ' three'],
  ['ctrl+a', '', 'one two three'],
  ['ctrl+e', 'one two three', ''],
])('%s', (key, before, rest) => {
  expect(editLine({ before: 'one two', after: ' three' }, key)).toEqual({ before, after: rest })
})

test('a key that means nothing to a line is none, also one with the name of a method', () => {
  expect(editLine(emptyLine, 'pageup')).toBeNull()
  expect(editLine(emptyLine, 'toString')).toBeNull()
})

test('what is pasted keeps its lines', () => {
  expect(typeInto({ before: 'a', after: 'z' }, 'b\r\nc\rd')).toEqual({
    before: 'ab\nc\nd',
    after: 'z',
  })
})
