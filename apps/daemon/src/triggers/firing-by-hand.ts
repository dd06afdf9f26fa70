// An occurrence that a person asks for: once for each call whose answer may be lost.
import { type Call, DispatchError } from '@dispatch/contract'
import type { Store, TriggerRow, TriggerRunRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Acting } from './acting.ts'
import type { Planning } from './planning.ts'

/** What it needs. */
export type FiringByHandOptions = {
  store: Store
  clock: Clock
  events: EventLog
  planning: Planning
  acting: Acting
}

/** Fires a trigger now, and gives what became of it; throws where the trigger went meanwhile. */
export type FireByHand = (row: TriggerRow, call: Call) => Promise<TriggerRunRow>

/** Makes it. */
export const makeFiringByHand = (options: FiringByHandOptions): FireByHand => {
  const { store, clock, events, planning, acting } = options

  const goneError = ({ id, name }: TriggerRow, run: TriggerRunRow | null): DispatchError => {
    const trigger = store.triggers.get(id)
    if (trigger)
      return new DispatchError('internal', trigger.reason ?? `${name} has no occurrence.`)
    const sent = run ? store.deliveries.get(run.id) : null
    return new DispatchError('not_found', `Trigger ${name} was removed while it was fired.`, {
      hint: sent ? `dispatch delivery get ${sent.id}` : 'dispatch trigger list',
      details: { delivery: sent?.id ?? null },
    })
  }

  return async (row, call) => {
    const key = `manual:${call.id}`
    const known = store.triggerRuns.byKey(row.id, key)
    const now = clock.now()
    const occurrence = { key, cause: 'manual', scheduledAt: now } as const
    const planned =
      known ?? events.commit((tx) => planning.plan(tx, row, occurrence), { durable: true })
    if (planned?.outcome === 'planned') await acting.act(planned)
    const run = store.triggerRuns.byKey(row.id, key)
    if (run) return run
    throw goneError(row, planned)
  }
}
