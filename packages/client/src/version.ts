// Which of two versions is older, by the rules of semver as far as our own versions use them.

type Parts = { numbers: number[]; pre: string[] }

const toParts = (version: string): Parts => {
  const [core = '', ...pre] = version.split('+', 1)[0]?.split('-') ?? []
  return { numbers: core.split('.').map(Number), pre: pre.length ? pre.join('-').split('.') : [] }
}

const compareIdentifiers = (a: string, b: string): number => {
  const [left, right] = [Number(a), Number(b)]
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right
  if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1
  if (a === b) return 0
  return a < b ? -1 : 1
}

const comparePre = (a: string[], b: string[]): number => {
  // A release is newer than its previews.
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [left, right] = [a[at], b[at]]
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1
    const order = compareIdentifiers(left, right)
    if (order !== 0) return order
  }
  return 0
}

/** Whether `version` is older than `than`; one that is no version is never older. */
export const isOlder = (version: string, than: string): boolean => {
  const [a, b] = [toParts(version), toParts(than)]
  if ([...a.numbers, ...b.numbers].some(Number.isNaN)) return false
  for (let at = 0; at < 3; at += 1) {
    const order = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0)
    if (order !== 0) return order < 0
  }
  return comparePre(a.pre, b.pre) < 0
}
