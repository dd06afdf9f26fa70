// What was given, in a few words that repeat no text: a number as it is, a choice in quotes and cut
// short, of everything else the kind or the length.

import { charactersIn } from './characters.ts'

const SHOWN = 40

const types: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

/** A type of zod in words. */
export const nameType = (expected: string): string => types[expected] ?? `a ${expected}`

/** A short text in quotes: a word that was given for a choice or a form. */
export const quoted = (text: string): string => {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}...` : text
  return JSON.stringify(shown)
}

/** Characters of a text, entries of a list; null for what has no length. */
export const lengthOf = (value: unknown): number | null => {
  if (typeof value === 'string') return charactersIn(value)
  return Array.isArray(value) ? value.length : null
}

/** The kind of what was given, or the value where it is short and no text. */
export const given = (value: unknown): string => {
  if (value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'undefined' ? '' : nameType(typeof value)
}
