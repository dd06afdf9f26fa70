// JSON output: one document an answer, one a line for streams.

// JSON.stringify escapes C0; DEL and C1 would reach a terminal as they are.
const raw = /[\u007f-\u009f\u2028\u2029]/g
const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A document in one line, or indented for a person who looks at it. */
export const toJson = (value: unknown, indented = false): string =>
  `${JSON.stringify(value, null, indented ? 2 : 0).replace(raw, escapeCharacter)}\n`
