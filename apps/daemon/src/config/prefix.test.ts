import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtInPrefix, expandPrefix } from './prefix.ts'

const variables = {
  'DISPATCH.CWD.REPO': 'dispatch',
  'DISPATCH.CWD.BASENAME': 'docs',
  'DISPATCH.PRESET': 'reviewer',
}
const invalid = (details: object) => expect.objectContaining({ code: 'validation', ...details })

describe('a prefix', () => {
  it('has its variables filled in', () => {
    expect(expandPrefix(builtInPrefix, variables)).toBe('[dispatch]')
    expect(expandPrefix(' ${DISPATCH.CWD.BASENAME}/${DISPATCH.PRESET}: ', variables)).toBe(
      'docs/reviewer:',
    )
    expect(expandPrefix('', variables)).toBe('')
    expect(expandPrefix('$HOME', variables)).toBe('$HOME')
  })

  it('keeps what is no variable, and takes the value of one as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, value) => {
        const plain = text.replaceAll('${', '$')
        const repo = { ...variables, 'DISPATCH.CWD.REPO': value }
        expect(expandPrefix(plain, repo)).toBe(plain.trim())
        expect(expandPrefix(`${plain}<${builtInPrefix}>`, repo)).toBe(`${plain}<[${value}]>`.trim())
      }),
      { seed: 1 },
    )
  })

  it('is refused with a variable that there is not, and names the nearest', () => {
    expect(() => expandPrefix('${DISPATCH.CWD.REPOS}', variables)).toThrow(
      invalid({ hint: 'Did you mean ${DISPATCH.CWD.REPO}?' }),
    )
    expect(() => expandPrefix('${constructor}', variables)).toThrow(invalid({}))
  })

  it('is refused when it wants a preset and there is none', () => {
    const none = { ...variables, 'DISPATCH.PRESET': null }
    expect(() => expandPrefix('${DISPATCH.PRESET}', none)).toThrow(invalid({}))
  })
})
