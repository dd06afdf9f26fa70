// One follower as an async iterator: asks its position for the next event and sleeps until the log has
// more. Written out rather than as a generator, because `return` of a generator waits for the event
// that its `next` waits for.
import type { DispatchEvent, Tracked } from '@dispatch/contract'
import type { Step } from './position.ts'
import type { Signal } from './signal.ts'

type Result = IteratorResult<Tracked<DispatchEvent>, undefined>

type Waiting = PromiseWithResolvers<Result>

type FollowerOptions = { step: () => Step; woken: Signal; signal: AbortSignal; onEnd: () => void }

/** Iterates until the signal aborts or the consumer returns. */
export const makeFollower = (
  options: FollowerOptions,
): AsyncIterableIterator<Tracked<DispatchEvent>, undefined> => {
  const { step, woken, signal, onEnd } = options
  let waiting: Waiting | null = null
  let isEnded = false
  let isYielding = false

  const end = (): void => {
    if (isEnded) return
    isEnded = true
    listening[Symbol.dispose]()
    signal.removeEventListener('abort', end)
    waiting?.resolve({ done: true, value: undefined })
    waiting = null
    onEnd()
  }

  const pump = (): void => {
    if (waiting === null || isYielding) return
    const current = waiting
    try {
      const next = step()
      if (next === 'idle') return
      if (next === 'busy') {
        isYielding = true
        setImmediate(() => {
          isYielding = false
          pump()
        })
        return
      }
      waiting = null
      current.resolve({ done: false, value: next })
    } catch (error) {
      waiting = null
      current.reject(error)
      end()
    }
  }

  /** A consumer that asks twice gets its answers in order. */
  const nextAfter = async (earlier: Waiting): Promise<Result> => {
    await earlier.promise
    return next()
  }

  const next = (): Promise<Result> => {
    if (isEnded) return Promise.resolve({ done: true, value: undefined })
    if (waiting !== null) return nextAfter(waiting)
    waiting = Promise.withResolvers<Result>()
    const { promise } = waiting
    pump()
    return promise
  }

  const listening = woken.listen(pump)
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })

  return {
    next,
    return: () => {
      end()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
