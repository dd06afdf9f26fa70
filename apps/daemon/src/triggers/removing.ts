// Removes a trigger. Its occurrences go before it, in slices: 100,000 at once would keep everybody waiting
// for more than a second. It fires no more meanwhile; one whose removal was cut off is paused, and says so.
import type { Store, TriggerRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'

/** 2 to 9 ms. */
const SLICE = 500

/** Removes triggers. */
export type Removing = {
  /** Resolves when the trigger is gone. */
  remove(trigger: Pick<TriggerRow, 'id'>): Promise<void>
  /** Removes those that act on a lane, which goes itself after them. */
  removeOf(laneId: string): Promise<void>
}

const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** Makes it. */
export const makeRemoving = (options: {
  store: Store
  clock: Clock
  events: EventLog
}): Removing => {
  const { store, clock, events } = options

  const putToRest = (id: string): void => {
    const reason = `Its removal was cut off: dispatch trigger rm ${id} --yes`
    const rest = { state: 'paused', reason, nextAt: null, scheduledAt: null } as const
    events.commit(() => store.triggers.update(id, { ...rest, updatedAt: clock.now() }))
  }

  const remove: Removing['remove'] = async ({ id }) => {
    const thin = (after: number): number | null =>
      events.commit(() => store.triggers.thin({ id, after, size: SLICE }))
    let after: number | null = 0
    while ((after = thin(after)) !== null) {
      if (store.triggers.get(id)?.state === 'active') putToRest(id)
      await breathe()
    }
    events.commit(() => store.triggers.delete(id), { durable: true })
  }

  const anyOf = (laneId: string): TriggerRow | undefined =>
    store.triggers.list({ laneId, state: null, limit: 1, after: null })[0]

  return {
    remove,
    removeOf: async (laneId) => {
      for (let trigger = anyOf(laneId); trigger !== undefined; trigger = anyOf(laneId)) {
        await remove(trigger)
        await breathe()
      }
    },
  }
}
