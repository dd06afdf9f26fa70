import { expect, it } from 'vitest'
import { hasInvisible } from './characters.ts'
import { LaneName } from './fields.ts'

it.each([
  ['a\u200bb', true],
  ['a\u200db', true],
  ['\u2060a', true],
  ['a\u00ad', true],
  ['\u3164', true],
  ['a\ud800', true],
  ['family \u{1f468}\u200d\u{1f469}\u200d\u{1f467}', false],
  ['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', false],
  ['\u0915\u094d\u200d\u0937', false],
  ['\u0645\u200c', true],
  ['plain words, \u65e5\u672c\u8a9e', false],
])('%j has a character that nobody sees: %s', (text, expected) => {
  expect(hasInvisible(text)).toBe(expected)
})

it('a name is composed, and refused where it cannot be told from another', () => {
  expect(LaneName.parse(' cafe\u0301 ')).toBe('caf\u00e9')
  for (const name of ['\u200b', 'a\u200bb', '@', ' @@ ', 'a\u0007']) {
    expect(LaneName.safeParse(name).success, JSON.stringify(name)).toBe(false)
  }
})
