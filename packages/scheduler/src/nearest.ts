// The word that was probably meant. Pure.

const edits = (from: string, to: string): number => {
  let last = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let at = 1; at <= to.length; at += 1) {
      current[at] = Math.min(
        (last[at] ?? 0) + 1,
        (current[at - 1] ?? 0) + 1,
        (last[at - 1] ?? 0) + (from[row - 1] === to[at - 1] ? 0 : 1),
      )
    }
    last = current
  }
  return last[to.length] ?? 0
}

/** The known word within a third of the letters of `word`, or null. Compares in lower case. */
export const nearestWord = (word: string, known: Iterable<string>): string | null => {
  const wanted = word.toLowerCase()
  let reach = Math.max(1, Math.floor(word.length / 3)) + 1
  let best: string | null = null
  for (const candidate of known) {
    // As many edits at least; what is not near for its length alone costs nothing.
    if (Math.abs(candidate.length - wanted.length) >= reach) continue
    const distance = edits(wanted, candidate.toLowerCase())
    if (distance < reach) {
      reach = distance
      best = candidate
    }
  }
  return best
}
