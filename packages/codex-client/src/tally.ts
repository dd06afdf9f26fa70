// Counts by name, for names that a server chooses: past a bound all further names share one entry,
// so that no server can make this grow.

const MAX_NAMES = 100
const REST = '(others)'

export function makeTally() {
  const counts = new Map<string, number>()
  return {
    count(name: string): void {
      const key = counts.has(name) || counts.size < MAX_NAMES ? name : REST
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    counts: (): Record<string, number> => Object.fromEntries(counts),
  }
}
