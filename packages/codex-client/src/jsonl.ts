// Cuts a byte stream into lines. Only the new chunk is searched for a newline, so a line that comes
// in many chunks costs its length once; it is decoded once, when whole, so that a character split
// between chunks survives. What a line means is not known here.
import { CodexMessageTooLargeError } from './errors.ts'

const NEWLINE = 0x0a

export interface LineSplitterOptions {
  readonly maxBytes: number
  readonly onLine: (line: string) => void
}

/**
 * Takes chunks, gives lines without their newline; blank lines are dropped. Throws
 * {@link CodexMessageTooLargeError} when a line passes `maxBytes`: the stream is of no use then.
 */
export function makeLineSplitter({ maxBytes, onLine }: LineSplitterOptions) {
  let parts: Buffer[] = []
  let held = 0

  const bound = (bytes: number): void => {
    if (bytes > maxBytes) throw new CodexMessageTooLargeError(bytes, maxBytes)
  }

  const take = (last: Buffer): string => {
    bound(held + last.length)
    if (held === 0) return last.toString()
    const line = Buffer.concat([...parts, last], held + last.length).toString()
    parts = []
    held = 0
    return line
  }

  return (chunk: Buffer): void => {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start)
      if (end === -1) break
      const line = take(chunk.subarray(start, end))
      if (line.trim() !== '') onLine(line)
      start = end + 1
    }
    if (start === chunk.length) return
    const rest = chunk.subarray(start)
    bound(held + rest.length)
    parts.push(rest)
    held += rest.length
  }
}
