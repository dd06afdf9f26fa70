/**
 * The bounded log of what the simulator was asked, and those who wait for a request. Also knows
 * which message started a turn (any later one in it is steering) and how often the very same
 * request came (a repeat after a failure).
 */
import type { ModelRequest, Outcome } from './model-request.ts'
import type { Prompt } from './prompt.ts'

export interface RequestLog {
  readonly requests: readonly ModelRequest[]
  add(request: ModelRequest): void
  isSteer(turnId: string | undefined, prompt: Prompt): boolean
  /** 1 for the first request of this key. */
  countAttempt(key: string): number
  waitFor(predicate: (request: ModelRequest) => boolean): Promise<ModelRequest>
  /** To be called when a request's outcome is known. */
  settle(request: ModelRequest, outcome: Outcome): void
  /** Rejects everyone who still waits. */
  end(): void
}

const rememberedKeys = 10_000

function forgetOldest(map: Map<string, unknown>) {
  const [oldest] = map.keys()
  if (map.size > rememberedKeys && oldest !== undefined) map.delete(oldest)
}

export function makeRequestLog(keep: number): RequestLog {
  const requests: ModelRequest[] = []
  const promptOfTurn = new Map<string, string>()
  const attempts = new Map<string, number>()
  const waiters = new Set<{
    predicate: (request: ModelRequest) => boolean
    found: PromiseWithResolvers<ModelRequest>
  }>()
  function tell(request: ModelRequest) {
    for (const waiter of waiters) {
      if (!waiter.predicate(request)) continue
      waiters.delete(waiter)
      waiter.found.resolve(request)
    }
  }

  return {
    requests,
    add(request) {
      requests.push(request)
      if (requests.length > keep) requests.shift()
      tell(request)
    },
    isSteer(turnId, { id }) {
      if (turnId === undefined) return false
      const first = promptOfTurn.get(turnId)
      if (first !== undefined) return first !== id
      promptOfTurn.set(turnId, id)
      forgetOldest(promptOfTurn)
      return false
    },
    countAttempt(key) {
      const attempt = (attempts.get(key) ?? 0) + 1
      attempts.set(key, attempt)
      forgetOldest(attempts)
      return attempt
    },
    waitFor(predicate) {
      const known = requests.find(predicate)
      if (known) return Promise.resolve(known)
      const found = Promise.withResolvers<ModelRequest>()
      waiters.add({ predicate, found })
      return found.promise
    },
    settle(request, outcome) {
      request.outcome = outcome
      tell(request)
    },
    end() {
      for (const { found } of waiters) found.reject(new Error('the model simulator was closed'))
      waiters.clear()
    },
  }
}
