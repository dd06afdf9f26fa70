// Removes a trigger. Its occurrences go before it, in slices: 100,000 at once would keep everybody
// waiting for more than a second. It fires no more meanwhile, nor do the others of a lane that
// goes; one whose removal was cut off is paused, and says what goes on with it.
import type { Store, TriggerRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'

/** 2 to 9 ms. */
const SLICE = 500

/**
 * Said by a trigger whose removal was cut off: what it was part of, and the command that goes on
 * with it.
 */
export type Again = { what: string; command: string }

/** Removes triggers. */
export type Removing = {
  /** Resolves when the trigger is gone. */
  remove(trigger: Pick<TriggerRow, 'id'>): Promise<void>
  /**
   * Removes those that act on a lane, which goes itself after them. When it returns, none of them
   * fires any more, all by one commit: what must hold before is checked by the caller, in the same
   * round of the loop.
   */
  removeOf(laneId: string, again: Again): Promise<void>
}

const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** Makes it. */
export const makeRemoving = (options: {
  store: Store
  clock: Clock
  events: EventLog
}): Removing => {
  const { store, clock, events } = options

  // In a commit. One that is done, disabled or paused keeps why.
  const putToRest = (id: string, { what, command }: Again): void => {
    if (store.triggers.get(id)?.state !== 'active') return
    const reason = `${what} was cut off: ${command}`
    const rest = { state: 'paused', reason, nextAt: null, scheduledAt: null } as const
    store.triggers.update(id, { ...rest, updatedAt: clock.now() })
  }

  const removeBy = async (id: string, again: Again): Promise<void> => {
    const thin = (after: number): number | null =>
      events.commit(() => {
        const next = store.triggers.thin({ id, after, size: SLICE })
        if (next !== null) putToRest(id, again)
        return next
      })
    let after: number | null = 0
    while ((after = thin(after)) !== null) await breathe()
    events.commit(() => store.triggers.delete(id), { durable: true })
  }

  const anyOf = (laneId: string): TriggerRow | undefined =>
    store.triggers.list({ laneId, state: null, limit: 1, after: null })[0]

  return {
    remove: ({ id }) =>
      removeBy(id, { what: 'Its removal', command: `dispatch trigger rm ${id} --yes` }),
    removeOf: async (laneId, again) => {
      const active = store.triggers.ofLane(laneId)
      const restAll = (): void => active.forEach(({ id }) => putToRest(id, again))
      if (active.length > 0) events.commit(restAll, { durable: true })
      for (let trigger = anyOf(laneId); trigger !== undefined; trigger = anyOf(laneId)) {
        await removeBy(trigger.id, again)
        await breathe()
      }
    },
  }
}
