// Cuts a stretch of a file into lines in bounded memory: of a line that is longer than the bound only
// its beginning is kept. A last line without an end is no line yet: it is still being written.

/** Bytes of a line that are kept. */
const LINE_MAX = 1024 * 1024

/** One line. */
export type Line = {
  text: string
  /** Whether only its beginning is here. */
  cut: boolean
}

/** Takes bytes as they come. */
export type LineReader = {
  take(chunk: Buffer): void
  /** Bytes up to the end of the last whole line. */
  consumed(): number
}

const NEWLINE = 0x0a

/** Reads lines; `skipFirst` for a stretch that begins inside one. */
export const makeLineReader = (options: {
  onLine: (line: Line) => void
  skipFirst?: boolean
  max?: number
}): LineReader => {
  const { onLine, max = LINE_MAX } = options
  let skipping = options.skipFirst ?? false
  let parts: Buffer[] = []
  let kept = 0
  let length = 0
  let consumed = 0

  const keep = (piece: Buffer): void => {
    length += piece.length
    const room = Math.min(piece.length, max - kept)
    if (skipping || room <= 0) return
    // A copy: the chunk's memory is used again for the next one.
    parts.push(Buffer.from(piece.subarray(0, room)))
    kept += room
  }

  const end = (): void => {
    if (!skipping && length > 0) {
      onLine({ text: Buffer.concat(parts, kept).toString('utf8'), cut: length > kept })
    }
    consumed += length + 1
    skipping = false
    parts = []
    kept = 0
    length = 0
  }

  return {
    consumed: () => consumed,
    take: (chunk) => {
      let from = 0
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        keep(chunk.subarray(from, at))
        end()
        from = at + 1
      }
      keep(chunk.subarray(from))
    },
  }
}
