import fc from 'fast-check'
import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { textToIndexed, textToTokens, textToWords, WordsError, wordsToMatch } from './words.ts'

const shown = (text: string): string[] =>
  textToWords(text).map(({ text, prefix }) => (prefix ? `${text}*` : text))

describe('words of a query', () => {
  it.each<[string, string[]]>([
    ['schema drift', ['schema', 'drift']],
    ['"schema drift" now', ['schema drift', 'now']],
    ['"schema drift', ['schema drift']],
    ['migr*', ['migr*']],
    ['"data migr"*', ['data migr*']],
    ['AND OR NOT NEAR', ['AND', 'OR', 'NOT', 'NEAR']],
    ['AND "', ['AND']],
    ['c++ && x', ['c', 'x']],
    ['src/turns/send.ts', ['src turns send ts']],
    ['foo-bar snake_case', ['foo bar', 'snake case']],
    ['text:foo ^bar -baz', ['text foo', 'bar', 'baz']],
    ['日本語', ['日 本 語']],
    ['déjà', ['déjà']],
    ['say"quoted"word', ['say', 'quoted', 'word']],
  ])('%s', (text, words) => expect(shown(text)).toEqual(words))

  it.each([
    ['*', 'no word'],
    ['"', 'no word'],
    ['   ', 'no word'],
    ['🎉 !!', 'no word'],
    ['a*', 'too short'],
    [Array.from({ length: 33 }, (_, at) => `w${at}`).join(' '), 'Too many'],
    ['a/'.repeat(5_000), 'Too many'],
  ])('refuses %s', (text, why) => {
    expect(() => textToWords(text)).toThrow(WordsError)
    expect(() => textToWords(text)).toThrow(why)
  })

  it('asks nothing that FTS5 does not understand, and finds what it was cut from', () => {
    const db = new BetterSqlite(':memory:')
    db.exec(`create virtual table words using fts5 (text, content = '', contentless_delete = 1,
      tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')`)
    const put = db.prepare('insert or replace into words (rowid, text) values (1, ?)')
    const ask = db.prepare('select rowid from words where words match ?').pluck()
    const piece = fc.oneof(
      fc.constantFrom(
        'AND',
        'OR',
        'NOT',
        'NEAR(a b)',
        '"',
        '*',
        '(',
        ')',
        ':',
        '{text}',
        '^',
        '-',
        '+',
      ),
      fc.constantFrom('c++', 'a/b', '日本語', 'ก', '🎉', '\0', '\ud800', "'", 'é', 'x*', 'ab*'),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.stringMatching(/^[a-z]{1,6}$/),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join(' ')
        let words
        try {
          words = textToWords(text)
        } catch (error) {
          expect(error).toBeInstanceOf(WordsError)
          return
        }
        put.run(textToIndexed(text))
        const found = ask.all(`{text} : (${wordsToMatch(words)})`)
        // Of characters that are newer than the tables of FTS5 nothing is promised but an answer.
        const isOld = /^[\p{ASCII}\u0080-\u024f\u0e00-\u0eff\u3040-\u9fff\s]*$/u.test(text)
        if (isOld) expect([text, found]).toEqual([text, [1]])
      }),
      { seed: 7, numRuns: 2_000 },
    )
    db.close()
  })

  it('cuts a text as the index does', () => {
    expect(textToTokens('src/a_b.ts: 日本 x')).toEqual(['src', 'a', 'b', 'ts', '日', '本', 'x'])
  })
})
