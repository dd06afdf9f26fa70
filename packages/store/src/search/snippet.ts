// The part of a text that shows where words were found, in one line, with their places. Control
// characters are replaced by their pictures, so that the places hold on every surface. Pure.
import type { Word } from './document.ts'
import { isUnspaced, textToTokens } from './words.ts'

/** Characters of a snippet, without the marks of what was left out. */
export const SNIPPET_MAX = 200
/** Characters shown before the first word. */
const BEFORE = 40
const MATCHES_MAX = 64

const letter = '[\\p{L}\\p{N}\\p{Co}]'
const gap = '[^\\p{L}\\p{N}\\p{Co}]'

// Unit by unit, so that places in it are places in the text: without case and accents.
const foldOne = (character: string): string => {
  const folded = character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return folded.length === character.length ? folded : character
}

const folded = (text: string): string => {
  const lower = text.toLowerCase()
  return /^\p{ASCII}*$/u.test(text)
    ? lower
    : text.replace(/\P{ASCII}/gu, foldOne).replace(/[A-Z]+/g, (part) => part.toLowerCase())
}

const wordToPattern = ({ text, prefix }: Word): RegExp | null => {
  const tokens = textToTokens(folded(text))
  const [first = ''] = tokens
  const last = tokens.at(-1) ?? ''
  if (first === '') return null
  const body = tokens
    .map((token, at) => {
      if (at === 0) return token
      return isUnspaced(token) || isUnspaced(tokens[at - 1] ?? '')
        ? `${gap}*${token}`
        : `${gap}+${token}`
    })
    .join('')
  const before = isUnspaced(first) ? '' : `(?<!${letter})`
  const after = prefix ? `${letter}*` : isUnspaced(last) ? '' : `(?!${letter})`
  return new RegExp(`${before}${body}${after}`, 'gu')
}

type Place = { from: number; to: number; word: number }

const placesIn = (text: string, words: readonly Word[]): Place[] => {
  const plain = folded(text)
  const found: Place[] = []
  for (const [word, one] of words.entries()) {
    const pattern = wordToPattern(one)
    if (pattern === null) continue
    let count = 0
    for (const match of plain.matchAll(pattern)) {
      found.push({ from: match.index, to: match.index + match[0].length, word })
      count += 1
      if (count >= MATCHES_MAX) break
    }
  }
  return found.sort((a, b) => a.from - b.from)
}

// Where the most different words stand together.
const bestOf = (places: readonly Place[]): number => {
  let best = { from: places[0]?.from ?? 0, words: 0 }
  for (const [at, { from }] of places.entries()) {
    const near = new Set<number>()
    for (let next = at; next < places.length; next += 1) {
      const place = places[next]
      if (!place || place.to > from + SNIPPET_MAX - BEFORE) break
      near.add(place.word)
    }
    if (near.size > best.words) best = { from, words: near.size }
  }
  return best.from
}

const shown = (character: string): string => {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return '\ufffd'
}

const hostile = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u

/** The snippet of a text for those words. */
export const textToSnippet = (
  text: string,
  words: readonly Word[],
): { snippet: string; marks: [number, number][] } => {
  const places = placesIn(text, words)
  const start = Math.max(0, bestOf(places) - BEFORE)
  // Not within a pair of units.
  const from = /[\udc00-\udfff]/.test(text[start] ?? '') ? start + 1 : start
  let snippet = from > 0 ? '\u2026' : ''
  const marks: [number, number][] = []
  let open: Place | null = null
  let next = places.findIndex((place) => place.from >= from)
  if (next < 0) next = places.length
  let at = from
  let length = 0
  const close = (place: Place): void => {
    const mark = marks.at(-1)
    if (mark && at >= place.to) {
      mark[1] = snippet.length
      open = null
    }
  }
  while (at < text.length && length < SNIPPET_MAX) {
    if (open) close(open)
    while (places[next] && (places[next]?.from ?? 0) < at) next += 1
    const place = places[next]
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
    const isBlank = /\s/.test(character)
    const isRun = isBlank && (snippet.endsWith(' ') || length === 0)
    if (!open && place?.from === at) {
      marks.push([snippet.length, snippet.length])
      open = place
      next += 1
    }
    if (!isRun) {
      snippet += isBlank ? ' ' : hostile.test(character) ? shown(character) : character
      length += 1
    }
    at += character.length
  }
  const last = marks.at(-1)
  if (open && last) last[1] = snippet.length
  return { snippet: at < text.length ? `${snippet}\u2026` : snippet.trimEnd(), marks }
}
