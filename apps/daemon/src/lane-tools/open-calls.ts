// The calls of agents that are being answered. Codex asks again over a new connection what was not answered
// on the old one: such a call is the one that is under way. A call ends with its turn; one that was broken
// off is never answered: nobody waits for it any more, or the next daemon is asked.
import { Cancelled } from '@dispatch/contract'

/** Which call of Codex it is, and the lane that it is made in the name of. */
export type CallKey = { laneId: string; threadId: string; turnId: string; callId: string }

/** The calls. Disposing breaks them off. */
export type OpenCalls = Disposable & {
  /** Acts once, however often the same call comes while it does. What acts must not throw. */
  run<T>(key: CallKey, act: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** The lane has another active turn, or none: calls of its former one are broken off. */
  turnIs(laneId: string, turnId: string | null): void
  /** Resolves when none acts any more. */
  drained(): Promise<void>
}

type Open = CallKey & { controller: AbortController; acting: Promise<unknown> }

/** Makes the record of them. */
export const makeOpenCalls = (): OpenCalls => {
  const open = new Map<string, Open>()
  const over = new AbortController()

  const nameOf = ({ threadId, turnId, callId }: CallKey): string =>
    [threadId, turnId, callId].join('\n')

  // What a sub-agent calls ends with the turn that it works for, whose id it does not have.
  const isOver = (call: CallKey, turnId: string | null): boolean =>
    call.threadId === call.laneId ? call.turnId !== turnId : turnId === null

  const begin = <T>(key: CallKey, act: (signal: AbortSignal) => Promise<T>): Open => {
    const name = nameOf(key)
    const controller = new AbortController()
    const signal = AbortSignal.any([controller.signal, over.signal])
    const acting = act(signal).finally(() => open.delete(name))
    const call = { ...key, controller, acting }
    open.set(name, call)
    return call
  }

  return {
    run: async <T>(key: CallKey, act: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      const call = open.get(nameOf(key)) ?? begin(key, act)
      const answer = (await call.acting) as T
      const isBrokenOff = call.controller.signal.aborted || over.signal.aborted
      return isBrokenOff ? await new Promise<never>(() => {}) : answer
    },
    turnIs: (laneId, turnId) => {
      for (const call of open.values()) {
        if (call.laneId === laneId && isOver(call, turnId)) call.controller.abort(new Cancelled())
      }
    },
    drained: async () => {
      await Promise.all([...open.values()].map(({ acting }) => acting))
    },
    [Symbol.dispose]: () => over.abort(new Cancelled()),
  }
}
