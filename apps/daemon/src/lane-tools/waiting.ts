// Which lanes wait for which, by calls of their agents: two that would wait for each other are told.

/** The waits that are under way. */
export type Waiting = {
  /** Whether one lane waits for the other, through others too. */
  isFor(threadId: string, wanted: string): boolean
  /** From now on, until disposed. */
  begin(threadId: string, targets: readonly string[]): Disposable
}

type Wait = { threadId: string; targets: readonly string[] }

/** Makes the record of them. */
export const makeWaiting = (): Waiting => {
  const waits = new Set<Wait>()
  const isFor = (threadId: string, wanted: string, seen: ReadonlySet<string>): boolean =>
    [...waits]
      .filter((wait) => wait.threadId === threadId)
      .flatMap(({ targets }) => targets)
      .some(
        (target) =>
          target === wanted ||
          (!seen.has(target) && isFor(target, wanted, new Set([...seen, target]))),
      )
  return {
    isFor: (threadId, wanted) => isFor(threadId, wanted, new Set([threadId])),
    begin: (threadId, targets) => {
      const wait = { threadId, targets }
      waits.add(wait)
      return { [Symbol.dispose]: () => void waits.delete(wait) }
    },
  }
}
