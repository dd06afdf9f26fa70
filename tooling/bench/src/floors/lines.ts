// Cuts chunks into lines, for the floors on both ends.

/** Takes chunks, gives lines. */
export const makeLines = (onLine: (line: string) => void): ((chunk: Buffer) => void) => {
  let rest = ''
  return (chunk) => {
    const lines = chunk.toString().split('\n')
    lines[0] = rest + (lines[0] ?? '')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}
