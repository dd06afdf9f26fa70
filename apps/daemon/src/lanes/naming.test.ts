import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  freeHandle,
  nameToBare,
  nameToHandle,
  nameToTitle,
  textToName,
  titleToPrefix,
} from './naming.ts'

describe('a name', () => {
  it.each([
    ['docs', '[repo]', 'docs', '[repo] docs'],
    ['[repo] docs', '[repo]', 'docs', '[repo] docs'],
    ['[repo]docs', '[repo]', 'docs', '[repo] docs'],
    ['@docs', '[repo]', 'docs', '[repo] docs'],
    ['[repo]', '[repo]', '[repo]', '[repo]'],
    ['report', 're', 'report', 're report'],
    ['re port', 're', 'port', 're port'],
    ['docs', '', 'docs', 'docs'],
  ])('%j under %j is %j, titled %j', (name, prefix, bare, title) => {
    expect(nameToBare(name, prefix)).toBe(bare)
    expect(nameToTitle(name, prefix)).toBe(title)
  })

  const names = fc
    .string({ minLength: 1, maxLength: 20 })
    .map((name) => name.trim())
    .filter((name) => name.replaceAll('@', '').trim() !== '')
  const prefixes = fc.oneof(
    fc.constantFrom('', '[repo]', 'a:', 'ab', 'a b', '@a'),
    fc.string({ maxLength: 8 }).map((prefix) => prefix.trim()),
  )

  it('gets its prefix once, however often', () => {
    fc.assert(
      fc.property(names, prefixes, (name, prefix) => {
        const title = nameToTitle(name, prefix)
        expect(nameToTitle(title, prefix)).toBe(title)
      }),
    )
  })

  it('keeps its prefix when it is renamed', () => {
    expect(titleToPrefix('[repo] docs', 'docs')).toBe('[repo]')
    expect(titleToPrefix('docs', 'docs')).toBe('')
    expect(titleToPrefix('something else', 'docs')).toBe('')
  })

  it('gives a handle that can be typed, and is free', () => {
    expect(nameToHandle('docs  review')).toBe('@docs-review')
    expect(nameToHandle('cafe\u0301')).toBe('@caf\u00e9')
    expect(nameToHandle('\u200bdo\u00adcs\u200b')).toBe('@docs')
    expect(nameToHandle('\u200b')).toBe('@lane')
    const taken = new Set(['@a', '@a-2'])
    expect(freeHandle('@a', (handle) => taken.has(handle))).toBe('@a-3')
  })

  it.each([
    ['Which flag is missing in the README?\nSay it.', 'Which flag is missing in the README'],
    ['  @docs:  Fix   it. ', 'docs Fix it'],
    ['reply:-{"a":-1}', 'reply a 1'],
    ["Don't \u201cquote\u201d $HOME/src_a.ts", 'Dont quote HOME src_a.ts'],
    ['a'.repeat(50), 'a'.repeat(40)],
    ['???', 'run'],
    ['\u0000\u001b[1mRed\u0007 tests', '1mRed tests'],
    [`one ${'b'.repeat(40)}`, 'one'],
  ])('is made of the first words of %j', (text, name) => {
    expect(textToName(text)).toBe(name)
  })
})
