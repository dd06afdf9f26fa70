// Requests under a key of their caller's: the first one binds the key to its call; one made again is
// carried out as that same call, which makes nothing twice. A request that left nothing behind, such
// as a refused one, leaves its key free when the last call under it is over.
import { createHash } from 'node:crypto'
import { type Call, DispatchError } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'

/** A request: what it asks for, without how long its caller waits. */
export type Keyed = { key: string | undefined; op: string; asked: unknown; call: Call }

/** Carries a request out, under the call that its key stands for. */
export type Idempotency = <T>(request: Keyed, act: (call: Call) => Promise<T>) => Promise<T>

/** Makes it. */
export const makeIdempotency = ({ store, clock }: { store: Store; clock: Clock }): Idempotency => {
  const isTraced = (callId: string): boolean =>
    store.deliveries.get(callId) !== null ||
    store.creations.get(callId) !== null ||
    store.lanes.byCallId(callId) !== null

  // Calls under a key that are still at it: what one of them leaves behind is there only when it is done.
  const underWay = new Map<string, number>()

  const begin = (key: string): void => void underWay.set(key, (underWay.get(key) ?? 0) + 1)

  /** Whether no other is at it. */
  const end = (key: string): boolean => {
    const left = (underWay.get(key) ?? 1) - 1
    if (left > 0) underWay.set(key, left)
    else underWay.delete(key)
    return left === 0
  }

  const release = (key: string, callId: string): void => {
    // The key may have been forgotten by its age, and stand for a later call.
    if (isTraced(callId) || store.idempotencyKeys.get(key)?.callId !== callId) return
    store.idempotencyKeys.delete(key)
  }

  const callIdOf = (key: string, inputHash: string, { id }: Call): string => {
    const known = store.idempotencyKeys.get(key)
    if (!known) {
      store.durable(() =>
        store.idempotencyKeys.insert({ key, inputHash, callId: id, at: clock.now() }),
      )
      return id
    }
    if (known.inputHash === inputHash) return known.callId
    const { callId } = known
    throw new DispatchError('conflict', `The key stands for another request, ${callId}.`, {
      hint: `dispatch delivery get ${callId}`,
      details: { delivery: callId, key },
    })
  }

  return async ({ key, op, asked, call }, act) => {
    if (key === undefined) return await act(call)
    const inputHash = createHash('sha256')
      .update(JSON.stringify([op, asked]))
      .digest('hex')
    const id = callIdOf(key, inputHash, call)
    begin(key)
    try {
      return await act({ ...call, id })
    } finally {
      if (end(key)) release(key, id)
    }
  }
}
