/** Keeps count of a scenario's faults: what the next call of a method meets. */
import type { Fault, Scenario, TurnScript } from './scenario.ts'

export interface Faults {
  next(method: string): Fault | undefined
  nextTurn(): TurnScript
  /** Whether the server has fallen silent for good; counts the request. */
  isSilent(): boolean
}

export function makeFaults(scenario: Scenario): Faults {
  const left = new Map(
    Object.entries(scenario.methods ?? {}).map(([method, faults]) => [
      method,
      faults.map((fault) => ({
        fault,
        skip: fault.skip ?? 0,
        times: fault.times === 'always' ? Infinity : (fault.times ?? 1),
      })),
    ]),
  )
  const turns = scenario.turns ?? []
  let turn = 0
  let requests = 0
  return {
    next(method) {
      const due = left.get(method)?.find(({ times }) => times > 0)
      if (!due) return undefined
      if (due.skip > 0) {
        due.skip -= 1
        return undefined
      }
      due.times -= 1
      return due.fault
    },
    nextTurn() {
      turn += 1
      return turns[Math.min(turn, turns.length) - 1] ?? {}
    },
    isSilent() {
      requests += 1
      return requests > (scenario.silentAfterRequests ?? Infinity)
    },
  }
}
