// Lays out two columns of help: terms on the left, wrapped sentences on the right.

/** The width that every terminal has. */
export const HELP_WIDTH = 80

/** Words folded into lines of at most `width` characters. */
export const wrapWords = (text: string, width: number): string[] => {
  const lines: string[] = []
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines
}

/** Rows of term and text, the texts aligned and wrapped. */
export const twoColumns = (rows: readonly (readonly [string, string])[]): string[] => {
  const left = Math.min(30, Math.max(0, ...rows.map(([term]) => term.length)))
  const indent = ' '.repeat(left + 4)
  return rows.flatMap(([term, text]) => {
    const lines = wrapWords(text, HELP_WIDTH - left - 4)
    const [first = '', ...rest] = term.length > left ? ['', ...lines] : lines
    return [`  ${term.padEnd(left)}  ${first}`.trimEnd(), ...rest.map((line) => indent + line)]
  })
}
