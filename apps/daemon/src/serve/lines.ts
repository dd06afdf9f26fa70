// Cuts what a socket gives into lines. Only the new chunk is searched for the newline, so a line in
// many chunks costs its length once.

type LineOptions = {
  /** Bytes that a line may have; beyond them `onOverflow` is called and nothing more is read. */
  max: number
  onLine: (line: string) => void
  onOverflow: () => void
}

const NEWLINE = 0x0a

/** Takes chunks, gives lines without their newline. */
export const makeLineReader = ({ max, onLine, onOverflow }: LineOptions) => {
  let parts: Buffer[] = []
  let held = 0
  let over = false

  const take = (last: Buffer): string => {
    if (held === 0) return last.toString()
    const line = Buffer.concat([...parts, last], held + last.length).toString()
    parts = []
    held = 0
    return line
  }

  const isOver = (bytes: number): boolean => {
    if (bytes <= max) return false
    over = true
    parts = []
    onOverflow()
    return true
  }

  return (chunk: Buffer): void => {
    let start = 0
    while (!over) {
      const end = chunk.indexOf(NEWLINE, start)
      if (end === -1) break
      if (isOver(held + end - start)) return
      onLine(take(chunk.subarray(start, end)))
      start = end + 1
    }
    if (over || start === chunk.length) return
    if (isOver(held + chunk.length - start)) return
    parts.push(chunk.subarray(start))
    held += chunk.length - start
  }
}
