import { describe, expect, it } from 'vitest'
import { addLane, deliveryRow, makeBench, triggerRow, triggerRunRow } from '../../test/bench.ts'
import { isNothingNew } from './causes.ts'

describe('a lane that has seen nothing new', () => {
  it('has not by messages that never arrived, however many they are', () => {
    using bench = makeBench()
    const { store } = bench
    const lane = addLane(store, 'a', { latestTurnId: 'u' })
    const trigger = triggerRow('t')
    store.triggers.insert(trigger)
    store.triggerRuns.insert(triggerRunRow('d00', 't'))
    store.deliveries.insert(deliveryRow('d00', 'a', { state: 'accepted', turnId: 'u' }))
    for (let at = 10; at < 40; at += 1)
      store.deliveries.insert(deliveryRow(`d${at}`, 'a', { state: 'cancelled', createdAt: at }))
    expect(isNothingNew(store, trigger, lane)).toBe(true)
    const coming = { state: 'submitting', createdAt: 50 } as const
    store.deliveries.insert(deliveryRow('d50', 'a', coming))
    expect(isNothingNew(store, trigger, lane)).toBe(false)
  })
})
