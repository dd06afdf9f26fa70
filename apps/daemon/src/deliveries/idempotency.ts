// Requests under a key of their caller's: the first one binds the key to its call; one made again is
// carried out as that same call, which makes nothing twice. A request that left nothing behind, such
// as a refused one, leaves its key free.
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
    try {
      return await act({ ...call, id })
    } catch (error) {
      if (!isTraced(id)) store.idempotencyKeys.delete(key)
      throw error
    }
  }
}
