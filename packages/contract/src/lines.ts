// Cuts what a socket or a file gives into lines. Only the new chunk is searched for the newline, and what
// was joined is joined again only with as much: a line costs its length, however it was cut. Free of Node:
// how chunks are joined is handed in.

/** Some bytes, such as a Buffer. */
export type Chunk = {
  readonly length: number
  indexOf(byte: number, from: number): number
  subarray(start: number, end?: number): Chunk
  toString(): string
}

type LineOptions<Bytes> = {
  /** Bytes that a line may have; beyond them `onOverflow` is called and nothing more is read. */
  max: number
  /** Leaves out the line that is too long alone, and reads those after it. */
  goesOn?: boolean
  concat: (chunks: Bytes[], length: number) => Chunk
  onLine: (line: string) => void
  onOverflow: () => void
}

const NEWLINE = 0x0a

/**
 * So many pieces of a line are kept as they came: hundreds would leave the heap in holes. Then they are
 * one piece, and so many of those are one again: 8 MiB that came byte by byte are copied six times.
 */
const PARTS_MAX = 16

/** Takes chunks, gives lines without their newline. */
export const makeLineReader = <Bytes extends Chunk>({
  max,
  goesOn = false,
  concat,
  onLine,
  onOverflow,
}: LineOptions<Bytes>): ((chunk: Bytes) => void) => {
  /** Pieces by how often they were joined; the oldest are in the last one. */
  let levels: Bytes[][] = []
  let held = 0
  let over = false

  const take = (last: Chunk): string => {
    if (held === 0) return last.toString()
    const parts = levels.toReversed().flat()
    const line = concat([...parts, last as Bytes], held + last.length).toString()
    levels = []
    held = 0
    return line
  }

  const keep = (piece: Bytes, level: number): void => {
    const parts = (levels[level] ??= [])
    parts.push(piece)
    if (parts.length < PARTS_MAX) return
    levels[level] = []
    const bytes = parts.reduce((sum, { length }) => sum + length, 0)
    keep(concat(parts, bytes) as Bytes, level + 1)
  }

  const isOver = (bytes: number): boolean => {
    if (bytes <= max) return false
    over = true
    levels = []
    held = 0
    onOverflow()
    return true
  }

  // Where the line after one that was too long begins; null where the chunk has none.
  const startAfterOver = (chunk: Chunk, from: number): number | null => {
    if (!goesOn) return null
    const end = chunk.indexOf(NEWLINE, from)
    if (end === -1) return null
    over = false
    return end + 1
  }

  const takeLines = (chunk: Bytes, from: number): void => {
    let start = from
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start)
      const isWhole = end !== -1
      if (isOver(held + (isWhole ? end : chunk.length) - start)) {
        const next = startAfterOver(chunk, start)
        if (next === null) return
        start = next
      } else if (isWhole) {
        onLine(take(chunk.subarray(start, end)))
        start = end + 1
      } else {
        if (start === chunk.length) return
        held += chunk.length - start
        return keep(chunk.subarray(start) as Bytes, 0)
      }
    }
  }

  return (chunk) => {
    const start = over ? startAfterOver(chunk, 0) : 0
    if (start !== null) takeLines(chunk, start)
  }
}
