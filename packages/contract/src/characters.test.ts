import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hasInvisible, withoutInvisible } from './characters.ts'
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
  ['a\ufe0f', true],
  ['1\ufe0f', true],
  ['a\u034f', true],
  ['\u1820\u180b', true],
  ['\u845b\u{e0100}', true],
  ['\u1780\u17b4', true],
  ['x\u0301\u200db', true],
  ['\u0645\u200d\u0645', true],
  ['\u{1f468}\u200d', true],
  ['\u{1f3f4}\u{e0067}\u{e0062}', true],
  ['a\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', true],
  ['a\ufff9b', true],
  ['\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', false],
  ['\u2764\ufe0f 1\ufe0f\u20e3', false],
  ['\u{1f3f3}\ufe0f\u200d\u{1f308}', false],
  ['\u{1f469}\u{1f3fd}\u200d\u2695\ufe0f', false],
  ['\u0600\u06dd', false],
  ['plain words, \u65e5\u672c\u8a9e', false],
])('%j has a character that nobody sees: %s', (text, expected) => {
  expect(hasInvisible(text)).toBe(expected)
})

it('what nobody sees goes, what is seen by its neighbours stays', () => {
  const flag = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'
  expect(withoutInvisible(`a\u200b${flag}\ufe0fb`)).toBe(`a${flag}b`)
})

it('a name is composed, and refused where it cannot be told from another', () => {
  expect(LaneName.parse(' cafe\u0301 ')).toBe('caf\u00e9')
  for (const name of ['\u200b', 'a\u200bb', '@', ' @@ ', 'a\u0007']) {
    expect(LaneName.safeParse(name).success, JSON.stringify(name)).toBe(false)
  }
})

it('what is left of a text has no more to take away', () => {
  const odd =
    'a1\u0301\u0645\u0915\u094d\u034f\u17b4\u180b\u115f\u200b\u200c\u200d\ufe0f\u20e3\u2764\u{1f3f4}\u{e0067}\u{e007f}'
  const text = fc.string({ unit: fc.constantFrom(...Array.from(odd)), maxLength: 12 })
  fc.assert(fc.property(text, (said) => !hasInvisible(withoutInvisible(said))))
})
