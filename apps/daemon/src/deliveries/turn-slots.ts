// Bounds how many lanes work at once. A free slot goes to the lane that wants one and whose last turn
// from its queue is the longest ago, so that a long queue starves no short one. A slot that was given
// is taken until its message is on its way; from then on the lane itself counts as working.

/** Slots for turns that start from queues. */
export type TurnSlots = {
  /** Whether the lane may start a turn now; where not, it is woken when it may. */
  admit(threadId: string): boolean
  /** Its message is on its way. */
  started(threadId: string): void
  /** It does not start now after all. */
  gaveUp(threadId: string): void
  /** Gives free slots to lanes that want one. */
  deal(): void
  /** Whether a lane that does not work yet would be one too many. */
  isFull(threadId: string): boolean
}

type SlotOptions = {
  /** How many lanes may work at once, or null for all. */
  limit: () => number | null
  working: () => readonly string[]
  /** Lanes that wait, the one that has waited longest first. */
  waiting: () => readonly string[]
  /** Whether its queue would start a turn now. */
  wants: (threadId: string) => boolean
  wake: (threadId: string) => void
}

/** Makes the slots. */
export const makeTurnSlots = (options: SlotOptions): TurnSlots => {
  const given = new Set<string>()
  const lastTurn = new Map<string, number>()
  let turns = 0

  const free = (limit: number): number => limit - new Set([...options.working(), ...given]).size

  const deal = (): void => {
    const limit = options.limit()
    if (limit === null) return given.clear()
    let left = free(limit)
    if (left <= 0) return
    const since = (threadId: string): number => lastTurn.get(threadId) ?? 0
    const inTurn = options.waiting().toSorted((one, other) => since(one) - since(other))
    for (const threadId of inTurn) {
      if (left <= 0) return
      if (given.has(threadId) || !options.wants(threadId)) continue
      given.add(threadId)
      left -= 1
      options.wake(threadId)
    }
  }

  return {
    deal,
    admit: (threadId) => {
      if (options.limit() === null || given.has(threadId)) return true
      deal()
      return given.has(threadId)
    },
    started: (threadId) => {
      given.delete(threadId)
      turns += 1
      lastTurn.set(threadId, turns)
    },
    gaveUp: (threadId) => void given.delete(threadId),
    isFull: (threadId) => {
      const limit = options.limit()
      if (limit === null) return false
      const working = new Set([...options.working(), ...given])
      return working.size >= limit && !working.has(threadId)
    },
  }
}
