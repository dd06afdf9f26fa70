// Characters as Codex counts them: code points; and those that nobody sees.

/** How many characters a text has. */
export const charactersIn = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

// What takes no place or looks like a blank. Joiners are seen by what they join: emoji, and letters of
// the scripts that need them.
const invisible =
  /(?![\u200c\u200d])[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|(?<![\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arabic}])[\u200c\u200d]|[\u200c\u200d](?!\S)/gu

/** A text without the characters that nobody sees. */
export const withoutInvisible = (text: string): string => text.replace(invisible, '')

/** Whether a text has a character that nobody sees: two such names look the same. */
export const hasInvisible = (text: string): boolean => withoutInvisible(text) !== text
