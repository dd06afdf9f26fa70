// Triggers and occurrences as every surface shows them.
import type { LaneIdentity, Trigger, TriggerRun } from '@dispatch/contract'
import type { Store, TriggerRow, TriggerRunRow } from '@dispatch/store'
import { rowToReceipt } from '../deliveries/receipt.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

const msToSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000)

const identityOf = (store: Store, laneId: string | null): LaneIdentity | null => {
  const lane = laneId === null ? null : store.lanes.get(laneId)
  return lane && rowToIdentity(lane)
}

const scheduleOf = ({ kind, spec }: TriggerRow): string => {
  const seconds = msToSeconds(spec.everyMs)
  const words = {
    interval: `every ${seconds} s`,
    cron: `${spec.cron} (${spec.zone})`,
    at: `once at ${iso(spec.at)}`,
    idle_for: `after ${seconds} s of rest`,
    turn_completed: `when a turn ends (${spec.outcomes.join(', ')})`,
    waiting_on_approval: 'when a person is asked',
  }
  return words[kind]
}

/** How a trigger that goes on has been failing, in words; null where its last try was well. */
const failureOf = (store: Store, { id, state, failures }: TriggerRow): string | null => {
  if (failures === 0 || (state !== 'active' && state !== 'paused')) return null
  const times = failures === 1 ? 'It failed' : `It failed ${failures} times in a row`
  const why = store.triggerRuns.newestFailed(id)?.detail
  return why == null ? `${times}.` : `${times}: ${why}`
}

/** A trigger as it is shown; `nextAt` is when it fires next. */
export const rowToTrigger = (store: Store, row: TriggerRow, nextAt: number | null): Trigger => {
  const newest = store.triggerRuns.newest(row.id)
  const { spec } = row
  const isCron = row.kind === 'cron'
  return {
    id: row.id,
    name: row.name,
    enabled: row.state === 'active',
    state: row.state,
    reason: row.reason ?? failureOf(store, row),
    when: row.kind,
    schedule: scheduleOf(row),
    seconds: msToSeconds(spec.everyMs),
    cron: spec.cron,
    timezone: isCron ? spec.zone : null,
    at: iso(spec.at),
    on: identityOf(store, row.sourceId),
    outcomes: [...spec.outcomes],
    action: row.action,
    lane: identityOf(store, row.laneId),
    presets: [...spec.presets],
    cwd: spec.cwd,
    text: row.text,
    template: spec.template,
    idleOnly: spec.idleOnly,
    minIntervalSeconds: msToSeconds(spec.minIntervalMs),
    dedupe: spec.dedupe,
    overlap: spec.overlap,
    catchUp: spec.catchUp,
    jitterSeconds: msToSeconds(spec.jitterMs),
    until: iso(spec.until),
    maxFires: spec.maxFires,
    fires: row.fires,
    failures: row.failures,
    backoffUntil: iso(row.backoffUntil),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
    lastFiredAt: iso(row.lastFiredAt),
    lastOutcome: newest?.outcome ?? null,
    nextAt: iso(nextAt),
  }
}

/** An occurrence as it is shown. */
export const rowToRun = (store: Store, row: TriggerRunRow): TriggerRun => {
  const delivery = store.deliveries.get(row.id)
  return {
    id: row.id,
    triggerId: row.triggerId,
    name: store.triggers.get(row.triggerId)?.name ?? '',
    cause: row.cause,
    outcome: row.outcome,
    reason: row.reason,
    detail: row.detail,
    code: row.code,
    scheduledAt: new Date(row.scheduledAt).toISOString(),
    createdAt: new Date(row.createdAt).toISOString(),
    firedAt: iso(row.firedAt),
    eventCursor: row.eventCursor,
    lane: identityOf(store, row.laneId),
    delivery: delivery && rowToReceipt(delivery),
  }
}
