// What a person types, as words to look for. There are no operators: words are all meant, what stands in
// quotation marks stands together, and a star at the end lets a word go on. Everything else separates
// words, as it does for the index. Pure.
import type { Word } from './document.ts'

/** No question to the index; the message says why. */
export class WordsError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WordsError'
  }
}

const WORDS_MAX = 32
/** Of all words together: a phrase costs by its words. */
const TOKENS_MAX = 256
/** What the index of prefixes begins with. */
const PREFIX_MIN = 2

// Scripts that put no blanks between words: each character is a word to the index.
const unspaced =
  /[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff]/g

/** A text as it goes to the index: the characters of scripts without blanks stand apart. */
export const textToIndexed = (text: string): string => text.replace(unspaced, ' $& ')

/** The words of a text, as the index cuts them. */
export const textToTokens = (text: string): string[] =>
  textToIndexed(text).match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []

/** Whether a word is a character of a script without blanks. */
export const isUnspaced = (token: string): boolean => token.search(unspaced) === 0

const chunks = /"([^"]*)(?:"|$)(\*?)|([^\s"]+)/gu

const chunkToWord = (text: string, starred: boolean): { word: Word; tokens: number } | null => {
  const tokens = textToTokens(text)
  const last = tokens.at(-1)
  if (last === undefined) return null
  if (starred && Array.from(last).length < PREFIX_MIN && !isUnspaced(last)) {
    throw new WordsError(`${last}* is too short: a beginning has ${PREFIX_MIN} characters or more.`)
  }
  return { word: { text: tokens.join(' '), prefix: starred }, tokens: tokens.length }
}

/** The words of a query; throws `WordsError` where it has none or too many. */
export const textToWords = (text: string): Word[] => {
  const found = [...text.toWellFormed().matchAll(chunks)].flatMap(([, quoted, star, bare = '']) => {
    const starred = quoted === undefined ? bare.endsWith('*') : star === '*'
    return chunkToWord(quoted ?? bare, starred) ?? []
  })
  if (found.length === 0)
    throw new WordsError('There is no word in it: a word has letters or digits.')
  const tokens = found.reduce((sum, one) => sum + one.tokens, 0)
  if (found.length > WORDS_MAX || tokens > TOKENS_MAX) {
    throw new WordsError(
      `Too many words: ${WORDS_MAX} at most, ${TOKENS_MAX} with those in quotes and paths.`,
    )
  }
  return found.map(({ word }) => word)
}

/** The words as FTS5 understands them: every one a string, so that nothing in it is an operator. */
export const wordsToMatch = (words: readonly Word[]): string =>
  words
    .map(({ text, prefix }) => `"${text.replaceAll('"', ' ')}"${prefix ? ' *' : ''}`)
    .join(' AND ')
