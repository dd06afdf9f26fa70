// The word that was probably meant. Pure.

/** Edits between two words: insertions, deletions, exchanges and swaps of neighbours. */
const editsBetween = (from: string, to: string): number => {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let at = 1; at <= to.length; at += 1) {
      const same = from[row - 1] === to[at - 1]
      const swapped = from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1]
      current[at] = Math.min(
        (last[at] ?? 0) + 1,
        (current[at - 1] ?? 0) + 1,
        (last[at - 1] ?? 0) + (same ? 0 : 1),
        row > 1 && at > 1 && swapped ? (before[at - 2] ?? 0) + 1 : Infinity,
      )
    }
    before = last
    last = current
  }
  return last[to.length] ?? 0
}

/** A word of which the beginning was typed is as near as one with a slip. */
const distance = (typed: string, known: string): number =>
  typed.length > 2 && known.startsWith(typed) ? 1 : editsBetween(typed, known)

const plain = (word: string): string => word.toLowerCase().replaceAll('-', '_')

/** The known word that is nearest, or null where none is near. */
export const nearestOf = (word: string, known: readonly string[]): string | null => {
  const reach = Math.max(2, Math.floor(word.length / 3))
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(plain(word), plain(candidate)) }))
    .filter(({ edits }) => edits <= reach)
    .sort((a, b) => a.edits - b.edits)
  return best?.candidate ?? null
}
