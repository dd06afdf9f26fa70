// Characters as Codex counts them: code points; and those that nobody sees.

/** How many characters a text has. */
export const charactersIn = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

// Some that take no place are seen by what they make of their neighbours: these are let through.
const seen = [
  // The flags of England, Scotland and Wales: tags spell which.
  String.raw`\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}`,
  // A symbol as an emoji, as telephones write it; a digit is one only as a key.
  String.raw`(?<=[\p{Emoji}--[0-9#*]])\ufe0f|(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  // Families, professions, flags.
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]|[\p{Emoji}--[0-9#*]]\ufe0f)\u200d(?=\p{Extended_Pictographic})`,
  // Scripts whose letters a joiner parts or binds: after a mark of theirs, such as a virama.
  String.raw`(?<=[\p{M}--[\p{Script=Inherited}\p{DI}]])[\u200c\u200d](?=[[\p{L}\p{M}]--\p{DI}])`,
  String.raw`(?<=[[\p{scx=Arabic}\p{scx=Syriac}\p{scx=Mongolian}]--\p{DI}])\u200c(?=[\p{L}--\p{DI}])`,
].join('|')

// What takes no place (Default_Ignorable_Code_Point and some more) or looks like a blank.
const invisible = String.raw`[\p{DI}\p{Cs}\p{Zl}\p{Zp}\u2800\ufff9-\ufffb]`

const pattern = new RegExp(`(${seen})|${invisible}`, 'gv')

/** A text without the characters that nobody sees. */
export const withoutInvisible = (text: string): string => text.replace(pattern, '$1')

/** Whether a text has a character that nobody sees: two such names look the same. */
export const hasInvisible = (text: string): boolean => withoutInvisible(text) !== text
