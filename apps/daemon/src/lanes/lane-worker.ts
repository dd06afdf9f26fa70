// One serial worker a lane: its steps run one after the other, lanes side by side. A step is short;
// waiting for a turn is never one.

/** Runs steps of lanes. */
export type LaneWorkers = {
  /** Runs a step after the lane's earlier ones; a failed step does not stop the next. */
  run<T>(threadId: string, step: () => T | Promise<T>): Promise<T>
  /** Resolves when no step is left. */
  drained(): Promise<void>
}

/** Makes the workers; a lane's worker exists only while it has steps. */
export const makeLaneWorkers = (): LaneWorkers => {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run: (threadId, step) => {
      const earlier = tails.get(threadId) ?? Promise.resolve()
      const result = earlier.then(step, step)
      const tail = result.then(
        () => {},
        () => {},
      )
      tails.set(threadId, tail)
      void tail.then(() => {
        if (tails.get(threadId) === tail) tails.delete(threadId)
      })
      return result
    },
    drained: async () => {
      while (tails.size > 0) await Promise.all(tails.values())
    },
  }
}
