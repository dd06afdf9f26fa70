// What dispatch's registry says, read from its file beside the daemon: by SQL of this file, not by the
// daemon's code.
import BetterSqlite from 'better-sqlite3'

/** A lane as the registry has it. */
export type LaneRow = {
  threadId: string
  callId: string
  /** The lane whose agent made it, or null. */
  parentId: string | null
  status: string
  activeTurnId: string | null
  held: number
  archivedAt: number | null
}

/** A message as the registry has it. */
export type DeliveryRow = {
  id: string
  threadId: string
  mode: string
  state: string
  failure: string | null
}

/** A trigger as the registry has it. */
export type TriggerRow = { id: string; text: string; state: string; kind: string }

/** An occurrence of one. */
export type RunRow = {
  id: string
  triggerId: string
  /** The call of one that a person set off has its id in it. */
  key: string
  mode: string | null
  outcome: string
  laneId: string | null
}

/** What the registry says. */
export type RegistryView = {
  lanes: LaneRow[]
  deliveries: DeliveryRow[]
  /** Calls whose lane is still being made. */
  creating: string[]
  /** Lanes with a goal for which Codex works or, once something else is done, will work. */
  pursuing: string[]
  triggers: TriggerRow[]
  runs: RunRow[]
}

/** Reads it. */
export const readRegistry = (file: string): RegistryView => {
  const db = new BetterSqlite(file, { readonly: true, timeout: 5_000 })
  try {
    return {
      lanes: db
        .prepare(
          'select threadId, callId, parentId, status, activeTurnId, held, archivedAt from lanes',
        )
        .all() as LaneRow[],
      deliveries: db
        .prepare('select id, threadId, mode, state, failure from deliveries order by rowid')
        .all() as DeliveryRow[],
      creating: db
        .prepare("select callId from creations where state in ('begun', 'registered')")
        .pluck()
        .all() as string[],
      pursuing: db
        .prepare("select threadId from goals where status = 'active' or pausedFor is not null")
        .pluck()
        .all() as string[],
      triggers: db.prepare('select id, text, state, kind from triggers').all() as TriggerRow[],
      runs: db
        .prepare('select id, triggerId, key, mode, outcome, laneId from triggerRuns order by seq')
        .all() as RunRow[],
    }
  } finally {
    db.close()
  }
}

const isMade = (runs: readonly RunRow[], callId: string): boolean =>
  runs.some(({ id, mode }) => id === callId && mode === 'new')

/** Whether the App Server that a message went to is another one than that of now. */
export const isServerLost = (file: string, deliveryId: string): boolean => {
  const db = new BetterSqlite(file, { readonly: true, timeout: 5_000 })
  try {
    const pidOf = "json_extract(server, '$.pid')"
    const went = db.prepare(`select ${pidOf} from deliveries where id = ?`).pluck().get(deliveryId)
    const runs = db
      .prepare("select json_extract(value, '$.pid') from runtime where key = 'codex.server'")
      .pluck()
      .get()
    return typeof went === 'number' && went !== runs
  } finally {
    db.close()
  }
}

/** What of it is not at rest; empty when nothing is under way. */
export const unrest = (view: RegistryView): string[] => {
  const { lanes, deliveries, creating, pursuing, triggers, runs } = view
  const live = lanes.filter(({ archivedAt }) => archivedAt === null)
  const stopped = new Set(
    deliveries.filter(({ state }) => state === 'ambiguous').map(({ threadId }) => threadId),
  )
  const held = new Set(live.filter((lane) => lane.held).map(({ threadId }) => threadId))
  return [
    ...live
      .filter(({ status, activeTurnId }) => activeTurnId !== null || /busy|unknown/.test(status))
      .map(({ threadId, status }) => `lane ${threadId} is ${status}`),
    ...deliveries
      .filter(
        ({ state, threadId }) =>
          state === 'submitting' ||
          (state === 'queued' && !held.has(threadId) && !stopped.has(threadId)),
      )
      .map(({ id, mode, state }) => `${mode} ${id} is ${state}`),
    ...live
      // What waits behind a hold goes before the goal.
      .filter(({ threadId }) => pursuing.includes(threadId) && !held.has(threadId))
      .map(({ threadId }) => `lane ${threadId} has a goal to work at`),
    // Each fires at a time, once, or has an end.
    ...triggers
      .filter(({ state }) => state === 'active')
      .map(({ id }) => `trigger ${id} has not come to its time`),
    ...runs
      .filter(({ outcome }) => outcome === 'planned')
      .map(({ id }) => `occurrence ${id} is planned`),
    ...live
      .filter(({ callId, threadId }) => isMade(runs, callId) && !stopped.has(threadId))
      .map(({ threadId }) => `lane ${threadId} of a trigger is not put away`),
    ...creating.map((callId) => `new ${callId} is not finished`),
  ]
}
