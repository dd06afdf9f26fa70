// Characters as Codex counts them: code points.

/** How many characters a text has. */
export const charactersIn = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}
