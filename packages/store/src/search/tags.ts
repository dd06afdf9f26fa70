// Filters as words of the index: what an item is of stands as words in a column of its own, so that a
// filter cuts what is found before anything is read or ranked. Pure.
import type { SearchQuery } from './document.ts'
import { textToTokens, wordsToMatch } from './words.ts'

// Letters and digits alone are one word to the index.
const letters = (value: string): string =>
  value
    .toLowerCase()
    .replace(/[^a-y0-9]/gu, (character) => `z${(character.codePointAt(0) ?? 0).toString(36)}z`)

const tag = (kind: 't' | 'k' | 's' | 'l', value: string | number): string =>
  `${kind}${letters(String(value))}`

/** A tool by its whole name, and by the parts of `server.tool`. */
const toolNames = (tool: string): string[] => [...new Set([tool, ...tool.split('.')])]

/** The words of an item's own column; `lane` is the number of its thread in the index. */
export const documentToTags = (
  lane: number,
  { type, tool, status }: { type: string; tool: string | null; status: string | null },
): string =>
  [
    tag('l', lane),
    tag('t', type),
    ...(tool === null ? [] : toolNames(tool).map((name) => tag('k', name))),
    ...(status === null ? [] : [tag('s', status)]),
  ].join(' ')

const anyOf = (tags: readonly string[]): string => `(${tags.map((one) => `"${one}"`).join(' OR ')})`

/** A query as FTS5 understands it; null where it has neither words nor filters but times. */
export const queryToMatch = (
  query: SearchQuery,
  lanes: readonly number[] | null,
): string | null => {
  const tags = [
    ...(lanes === null ? [] : [anyOf(lanes.map((lane) => tag('l', lane)))]),
    ...(query.types === null ? [] : [anyOf(query.types.map((type) => tag('t', type)))]),
    ...(query.tool === null ? [] : [anyOf([tag('k', query.tool)])]),
    ...(query.status === null ? [] : [anyOf([tag('s', query.status)])]),
    ...(query.errored ? [anyOf([tag('s', 'failed')])] : []),
  ]
  const path = query.file === null ? [] : textToTokens(query.file)
  const parts = [
    ...(query.words.length === 0 ? [] : [`{text} : (${wordsToMatch(query.words)})`]),
    ...(path.length === 0
      ? []
      : [`{files} : (${wordsToMatch([{ text: path.join(' '), prefix: false }])})`]),
    ...(tags.length === 0 ? [] : [`{tags} : (${tags.join(' AND ')})`]),
  ]
  return parts.length === 0 ? null : parts.join(' AND ')
}
