// Removes a trigger. Its occurrences go before it, in slices: 100,000 at once would keep everybody waiting
// for more than a second. It fires no more meanwhile; one whose removal was cut off is paused, and says so.
import type { Store, TriggerRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'

/** 2 to 9 ms. */
const SLICE = 500

/** Makes it: resolves when the trigger is gone. */
export const makeRemoving = (options: {
  store: Store
  clock: Clock
  events: EventLog
}): ((trigger: TriggerRow) => Promise<void>) => {
  const { store, clock, events } = options

  const putToRest = (id: string): void => {
    const reason = `Its removal was cut off: dispatch trigger rm ${id} --yes`
    const rest = { state: 'paused', reason, nextAt: null, scheduledAt: null } as const
    events.commit(() => store.triggers.update(id, { ...rest, updatedAt: clock.now() }))
  }

  return async ({ id }) => {
    const thin = (after: number): number | null =>
      events.commit(() => store.triggers.thin({ id, after, size: SLICE }))
    let after: number | null = 0
    while ((after = thin(after)) !== null) {
      if (store.triggers.get(id)?.state === 'active') putToRest(id)
      await new Promise<void>((resolve) => void setImmediate(resolve))
    }
    events.commit(() => store.triggers.delete(id), { durable: true })
  }
}
