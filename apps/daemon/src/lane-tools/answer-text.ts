// Answers of ops as the text that a model reads: JSON, of which the longest texts are cut until the whole is
// as long as a model can use. Pure.

/** About 16,000 tokens; Codex keeps it in the history of the turn. */
const LENGTH_MAX = 64_000

/** No text is cut below that. */
const SHORT = 200

const cut = (value: string, longest: number): string =>
  value.length <= longest
    ? value
    : `${value.slice(0, longest)}… [${value.length - longest} more characters]`

const toText = (value: unknown, longest: number): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? cut(one, longest) : one))

/** The answer as text; one that is too long even so says how long it is. */
export const answerToText = (answer: unknown): string => {
  let longest = LENGTH_MAX
  let text = toText(answer, longest)
  while (text.length > LENGTH_MAX && longest > SHORT) {
    longest = Math.floor(longest / 2)
    text = toText(answer, longest)
  }
  return cut(text, LENGTH_MAX)
}
