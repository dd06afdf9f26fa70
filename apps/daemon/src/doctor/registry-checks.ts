// registry, and what it tells of lanes: locks that others hold, deliveries that need a person, turns
// that have gone silent.
import { type LaneRow, type RegistryReport, reportRegistry, type Store } from '@dispatch/store'
import { type Finding, fail, ok, skipped, warn } from './check.ts'

const found = ({ file, schemaVersion, supportedVersion, faults, rows }: RegistryReport) => ({
  path: file,
  exists: true,
  schemaVersion,
  supported: supportedVersion,
  integrity: faults.length === 0 ? 'ok' : faults.join('; '),
  tables: Object.keys(rows),
  rowCounts: rows,
})

const restore = 'dispatch down, then dispatch registry restore FILE with a copy that is sound'

const judge = (report: RegistryReport): Finding => {
  const { schemaVersion, supportedVersion, faults, missingTables } = report
  const data = found(report)
  if (schemaVersion === 0) {
    return warn('The registry is an empty file.', { recovery: 'dispatch up fills it', data })
  }
  if (faults.length > 0) {
    return fail('The registry is damaged.', { detail: faults.join('\n'), recovery: restore, data })
  }
  if (schemaVersion > supportedVersion) {
    return fail(`The registry has schema ${schemaVersion}, newer than ${supportedVersion}.`, {
      recovery: 'Upgrade dispatch to the version that wrote it: npm install -g outfitter-dispatch',
      data,
    })
  }
  if (missingTables.length > 0) {
    const detail = missingTables.join(', ')
    return fail('The registry lacks tables.', { detail, recovery: restore, data })
  }
  if (schemaVersion < supportedVersion) {
    return warn(`The registry has schema ${schemaVersion}, older than ${supportedVersion}.`, {
      recovery: 'dispatch down, then dispatch registry migrate; dispatch up does it too',
      data,
    })
  }
  return ok(`The registry is sound (schema ${schemaVersion}).`, { data })
}

/** Looks at the registry's file. */
export const checkRegistry = (file: string): Finding => {
  let report: RegistryReport | null
  try {
    report = reportRegistry(file, { quick: true })
  } catch (error) {
    return fail('The registry cannot be read.', {
      detail: error instanceof Error ? error.message : String(error),
      recovery: `dispatch registry verify; then move ${file} away, or put a copy back`,
      data: { path: file, exists: true },
    })
  }
  if (report) return judge(report)
  return warn('There is no registry yet.', {
    recovery: 'dispatch up makes it',
    data: { path: file, exists: false },
  })
}

/** Every live lane. */
export const liveLanesOf = (store: Store): LaneRow[] => {
  const lanes: LaneRow[] = []
  for (let cursor: string | null = null; ;) {
    const page = store.lanes.list({ limit: 500, cursor })
    lanes.push(...page.lanes)
    if (page.nextCursor === null) return lanes
    cursor = page.nextCursor
  }
}

const counted = (count: number, one: string, many: string): string =>
  count === 1 ? `A ${one}` : `${count} ${many}`

const nameOf = ({ ref, handle }: LaneRow): string => `${ref} ${handle}`

/** Looks for lanes whose threads other processes hold; `holders` by thread id, as text. */
export const checkLocks = (lanes: readonly LaneRow[], holders: Map<string, string>): Finding => {
  const held = lanes.filter(({ threadId }) => holders.has(threadId))
  const data = {
    held: held.map(({ ref, threadId }) => ({ ref, id: threadId, holder: holders.get(threadId) })),
  }
  if (held.length === 0) return ok('No lane is open in another process.', { data })
  return warn(`${counted(held.length, 'lane is', 'lanes are')} open in another process.`, {
    detail: held.map((lane) => `${nameOf(lane)}: ${holders.get(lane.threadId)}`).join('\n'),
    recovery: 'Close the thread there before you send to it.',
    data,
  })
}

/** Looks for deliveries that nobody but a person can judge. */
export const checkDeliveries = (store: Store): Finding => {
  const ambiguous = store.deliveries.unsettled().filter(({ state }) => state === 'ambiguous')
  const data = { ambiguous: ambiguous.map(({ id, threadId }) => ({ id, laneId: threadId })) }
  if (ambiguous.length === 0) return ok('Every delivery is settled or on its way.', { data })
  return warn(`${counted(ambiguous.length, 'delivery needs', 'deliveries need')} a person.`, {
    detail: ambiguous.map(({ id, threadId }) => `${id} on ${threadId}`).join('\n'),
    recovery: `dispatch delivery reconcile ${ambiguous[0]?.id}; where that cannot tell, retry or discard it`,
    data,
  })
}

/** Looks for lanes whose turn has been silent for too long. */
export const checkStalled = (lanes: readonly LaneRow[]): Finding => {
  const stalled = lanes.filter((lane) => lane.stalled)
  const data = {
    stalled: stalled.map(({ ref, threadId, stalledReason }) => ({
      ref,
      id: threadId,
      reason: stalledReason,
    })),
  }
  if (stalled.length === 0) return ok('No lane is stalled.', { data })
  return warn(`${counted(stalled.length, 'lane has', 'lanes have')} been silent for too long.`, {
    detail: stalled
      .map((lane) => `${nameOf(lane)}: ${lane.stalledReason ?? 'no reason known'}`)
      .join('\n'),
    recovery: `dispatch tail ${stalled[0]?.ref}, then dispatch stop ${stalled[0]?.ref}`,
    data,
  })
}

/** Looks for lanes whose queue waits for a person: a turn of theirs was stopped or has failed. */
export const checkHeld = (store: Store, lanes: readonly LaneRow[]): Finding => {
  const queued = new Set(store.deliveries.lanesWithQueue())
  const held = lanes.filter((lane) => lane.held && queued.has(lane.threadId))
  const data = { held: held.map(({ ref, threadId }) => ({ ref, id: threadId })) }
  if (held.length === 0) return ok('No queue waits for a person.', { data })
  return warn(`${counted(held.length, 'lane holds', 'lanes hold')} messages that wait.`, {
    detail: held.map(nameOf).join('\n'),
    recovery: `dispatch queue list ${held[0]?.ref}, then dispatch queue resume ${held[0]?.ref}`,
    data,
  })
}

/** Looks for what Codex asks and nobody has answered. */
export const checkRequests = (store: Store, lanes: readonly LaneRow[]): Finding => {
  const pending = store.requests.pending()
  const byId = new Map(lanes.map((lane) => [lane.threadId, lane]))
  const data = {
    pending: pending.map(({ id, laneId, ask }) => ({ id, laneId, kind: ask.kind })),
  }
  if (pending.length === 0) return ok('No request waits for a person.', { data })
  const placeOf = (laneId: string | null): string => {
    const lane = laneId === null ? undefined : byId.get(laneId)
    return lane ? nameOf(lane) : 'no lane of dispatch'
  }
  return warn(
    `${counted(pending.length, 'request of Codex waits', 'requests of Codex wait')} for a person.`,
    {
      detail: pending
        .map(({ id, laneId, ask }) => `${id} (${ask.kind}) ${placeOf(laneId)}`)
        .join('\n'),
      recovery: 'dispatch request list; then dispatch request approve, deny or respond',
      data,
    },
  )
}

/** Triggers that a finding names; their number is that of all. */
const TRIGGERS_NAMED = 20

/** Looks for triggers that were given up. */
export const checkTriggers = (store: Store): Finding => {
  const { active, disabled } = store.triggers.counts()
  const query = { laneId: null, limit: TRIGGERS_NAMED, after: null }
  const given = store.triggers.list({ ...query, state: 'disabled' })
  const data = {
    active,
    count: disabled,
    disabled: given.map(({ id, name, reason }) => ({ id, name, reason })),
  }
  if (disabled === 0) return ok('No trigger was disabled.', { data })
  return warn(`${disabled} ${disabled === 1 ? 'trigger was' : 'triggers were'} disabled.`, {
    detail: given
      .map(({ id, name, reason }) => `${id} ${name}: ${reason ?? 'no reason known'}`)
      .join('\n'),
    recovery: `dispatch trigger list --state disabled, then dispatch trigger resume ${given[0]?.id}`,
    data,
  })
}

/** The end of a check that needs a registry of this schema. */
export const withoutRegistry = (): Finding => skipped('The registry cannot be asked.')
