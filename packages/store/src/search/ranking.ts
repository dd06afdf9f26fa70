// How well an item fits the words that it was found by. It looks at the item alone and not at how common
// a word is among all, so what is added meanwhile changes no order and a page goes on where one ended:
// all words are in all items that are found, so their rareness would only shift weight between them.
// Measured at 200,000 items, bm25 of FTS5 took 26 to 125 ms for a common word with a filter, a phrase or
// five words, because it counts every word in the whole index; the newest 1,000 are read and ranked here
// in 5 to 20 ms. Pure.
import type { Word } from './document.ts'
import { textToTokens } from './words.ts'

/** Characters of an item that are looked at. */
export const RANKED_TEXT = 4_096

// What people and agents say to each other tells more than what a command printed.
const weights: Record<string, number> = {
  userMessage: 1,
  agentMessage: 1,
  plan: 0.9,
  fileChange: 0.8,
  mcpToolCall: 0.7,
  dynamicToolCall: 0.7,
  commandExecution: 0.6,
}

const countOf = (text: string, part: string): number => {
  let count = 0
  for (
    let at = text.indexOf(part);
    at >= 0 && count < 20;
    at = text.indexOf(part, at + part.length)
  ) {
    count += 1
  }
  return count
}

/** Ranks items by these words. */
export const wordsToRank = (
  words: readonly Word[],
): ((item: { type: string; text: string; length: number }) => number) => {
  // Of a phrase its longest word.
  const needles = words.map(({ text }) =>
    textToTokens(text.toLowerCase()).reduce((a, b) => (b.length > a.length ? b : a), ''),
  )
  return ({ type, text, length }) => {
    const lower = text.toLowerCase()
    const hits = needles.reduce((sum, needle) => {
      const count = Math.max(1, countOf(lower, needle))
      return sum + count / (count + 1.2)
    }, 0)
    const score = ((weights[type] ?? 0.5) * hits) / (1 + length / 8_192)
    return Math.round(score * 1e6) / 1e6
  }
}
