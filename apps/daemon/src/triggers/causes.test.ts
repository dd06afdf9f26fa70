import { describe, expect, it } from 'vitest'
import { addLane, deliveryRow, makeBench, triggerRow } from '../../test/bench.ts'
import { isNothingNew } from './causes.ts'

describe('a lane that has seen nothing new', () => {
  it('has not by messages that never arrived, however many they are', () => {
    using bench = makeBench()
    const { store } = bench
    const lane = addLane(store, 'a', { latestTurnId: 'u' })
    const trigger = triggerRow('t')
    store.triggers.insert(trigger)
    store.triggerRuns.insert({
      id: 'd00',
      triggerId: 't',
      key: 'k',
      cause: 'time',
      outcome: 'fired',
      mode: 'send',
      text: null,
      reason: null,
      detail: null,
      code: null,
      scheduledAt: 1,
      createdAt: 1,
      firedAt: 1,
      laneId: 'a',
      eventCursor: null,
      turnId: null,
      seenTurnId: null,
      chain: [],
    })
    store.deliveries.insert(deliveryRow('d00', 'a', { state: 'accepted', turnId: 'u' }))
    for (let at = 10; at < 40; at += 1)
      store.deliveries.insert(deliveryRow(`d${at}`, 'a', { state: 'cancelled', createdAt: at }))
    expect(isNothingNew(store, trigger, lane)).toBe(true)
    const coming = { state: 'submitting', createdAt: 50 } as const
    store.deliveries.insert(deliveryRow('d50', 'a', coming))
    expect(isNothingNew(store, trigger, lane)).toBe(false)
  })
})
