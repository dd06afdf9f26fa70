// Requests under a key of their caller's: the first one binds the key to its call; one made again is
// carried out as that same call, which makes nothing twice. A request that left nothing behind, such
// as a refused one, leaves its key free when the last call under it is over. One for several lanes has a
// key for each lane, so that it goes on where lanes had refused it, and one for itself.
import { type Call, DispatchError } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { requestToHash } from './request-hash.ts'

/** A request: what it asks for, without how long its caller waits. `part`: the lane, of one for several. */
export type Keyed = {
  key: string | undefined
  part?: string
  op: string
  asked: unknown
  call: Call
}

/** Carries requests out, under the calls that their keys stand for. */
export type Idempotency = {
  run<T>(request: Keyed, act: (call: Call) => Promise<T>): Promise<T>
  /**
   * Binds the key of a request for several lanes, and those of its parts in the same commit; until disposed
   * none of them is freed. Throws `conflict` where it stands for another one.
   */
  hold(whole: Keyed, parts: readonly Keyed[]): Disposable
}

const placeOf = ({ key = '', part }: Keyed): string =>
  part === undefined ? key : `${key}\n${part}`

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

  const release = (place: string, callId: string): void => {
    // The key may have been forgotten by its age, and stand for a later call.
    if (isTraced(callId) || store.idempotencyKeys.get(place)?.callId !== callId) return
    store.idempotencyKeys.delete(place)
  }

  const conflict = (key: string | undefined, callId: string): DispatchError => {
    const isMessage = store.deliveries.get(callId) !== null
    return new DispatchError('conflict', `The key stands for another request, ${callId}.`, {
      hint: isMessage ? `dispatch delivery get ${callId}` : 'dispatch delivery list',
      details: { ...(isMessage ? { delivery: callId } : { call: callId }), key },
    })
  }

  const bind = (request: Keyed): string => {
    const place = placeOf(request)
    const inputHash = requestToHash(request.op, request.asked)
    const known = store.idempotencyKeys.get(place)
    if (known && known.inputHash !== inputHash) throw conflict(request.key, known.callId)
    if (known) return known.callId
    const { id: callId } = request.call
    store.durable(() =>
      store.idempotencyKeys.insert({ key: place, inputHash, callId, at: clock.now() }),
    )
    return callId
  }

  // A lane of another request under the key is told so when its turn comes.
  const bindFree = (request: Keyed): { place: string; callId: string } => {
    const place = placeOf(request)
    const known = store.idempotencyKeys.get(place)
    return { place, callId: known?.callId ?? bind(request) }
  }

  return {
    run: async (request, act) => {
      const { key, call } = request
      if (key === undefined) return await act(call)
      const id = bind(request)
      const place = placeOf(request)
      begin(place)
      try {
        return await act({ ...call, id })
      } finally {
        if (end(place)) release(place, id)
      }
    },

    hold: (whole, parts) => {
      if (whole.key === undefined) return { [Symbol.dispose]: () => {} }
      const place = placeOf(whole)
      const isNew = store.idempotencyKeys.get(place) === null
      const { callId, held } = store.durable(() => ({
        callId: bind(whole),
        held: parts.map(bindFree),
      }))
      for (const one of [place, ...held.map((part) => part.place)]) begin(one)
      return {
        [Symbol.dispose]: () => {
          for (const part of held) if (end(part.place)) release(part.place, part.callId)
          const isLeft = held.some((part) => store.idempotencyKeys.get(part.place) !== null)
          if (end(place) && isNew && !isLeft) release(place, callId)
        },
      }
    },
  }
}
