import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SNIPPET_MAX, textToSnippet } from './snippet.ts'
import { textToWords, WordsError } from './words.ts'

const marked = (text: string, words: string): string => {
  const { snippet, marks } = textToSnippet(text, textToWords(words))
  return marks.reduceRight(
    (whole, [from, to]) => `${whole.slice(0, from)}<${whole.slice(from, to)}>${whole.slice(to)}`,
    snippet,
  )
}

describe('a snippet', () => {
  it.each<[string, string, string]>([
    ['The schema has drifted.', 'schema', 'The <schema> has drifted.'],
    ['schemas and Schema', 'schema', 'schemas and <Schema>'],
    ['schemas and Schema', 'sche*', '<schemas> and <Schema>'],
    ['one\n\n  two\tthree', 'two', 'one <two> three'],
    ['src/turns/send.ts:1', 'turns/send.ts', 'src/<turns/send.ts>:1'],
    ['Le café', 'cafe', 'Le <café>'],
    ['この日本語の文', '日本', 'この<日本>語の文'],
    ['\u001b[31mred\u001b[0m', 'red', '\u241b[31mred\u241b[0m'.replace('red', 'red')],
    ['a b', 'b a', '<a> <b>'],
    ['nothing of it', 'else', 'nothing of it'],
  ])('%j for %j', (text, words, expected) => {
    const isEscaped = text.includes('\u001b')
    const found = marked(text, words)
    expect(isEscaped ? found.replaceAll(/[<>]/g, '') : found).toBe(expected)
  })

  it('shows where most of the words stand', () => {
    const far = `drift ${'x '.repeat(300)} schema drift ${'y '.repeat(300)}`
    expect(marked(far, 'schema drift')).toContain('<schema> <drift>')
    expect(marked(far, 'schema drift')).toMatch(/^….*…$/)
  })

  it('is one line of bounded length whose marks are in it, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.string(), (text, asked) => {
        let words
        try {
          words = textToWords(asked)
        } catch (error) {
          expect(error).toBeInstanceOf(WordsError)
          return
        }
        const { snippet, marks } = textToSnippet(`${text} ${asked} ${text}`, words)
        expect(snippet.length).toBeLessThanOrEqual(2 * SNIPPET_MAX + 2)
        expect(/\p{Cc}/u.test(snippet)).toBe(false)
        let end = 0
        for (const [from, to] of marks) {
          expect(from).toBeGreaterThanOrEqual(end)
          expect(to).toBeLessThanOrEqual(snippet.length)
          end = to
        }
      }),
      { seed: 3, numRuns: 300 },
    )
  })
})
