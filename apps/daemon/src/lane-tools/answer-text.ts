// Answers of ops as the text that a model reads: JSON, of which the longest texts are cut until it is so short
// that Codex cuts nothing out of its middle, after which it would be no JSON. Pure.
import { Buffer } from 'node:buffer'

/** Codex leaves 40,000 bytes to a model of its catalogue (48,000 to gpt-5.5), 12,000 to one that it does not know. */
const BYTES_MAX = 36_000

/** No text is cut below that. */
const SHORT = 200

const cut = (value: string, longest: number): string =>
  value.length <= longest
    ? value
    : `${value.slice(0, longest)}… [${value.length - longest} more characters]`

const toText = (value: unknown, longest: number): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? cut(one, longest) : one))

const isLong = (text: string): boolean => Buffer.byteLength(text) > BYTES_MAX

/** The answer as text; one with very many fields may be longer even so. */
export const answerToText = (answer: unknown): string => {
  let longest = BYTES_MAX
  let text = toText(answer, longest)
  while (isLong(text) && longest > SHORT) {
    longest = Math.floor(longest * 0.8)
    text = toText(answer, longest)
  }
  return text
}
