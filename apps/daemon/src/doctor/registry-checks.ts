// registry, and what it tells of lanes: locks that others hold, and what waits for a person.
import { type LaneRow, type RegistryReport, reportRegistry, type Store } from '@dispatch/store'
import {
  type AttentionKind,
  attentionOf,
  attentionToFacts,
  countToWords,
} from '../status/attention.ts'
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

const nameOf = ({ ref, handle }: LaneRow): string => `${ref} ${handle}`

/** Looks for lanes whose threads other processes hold; `holders` by thread id, as text. */
export const checkLocks = (lanes: readonly LaneRow[], holders: Map<string, string>): Finding => {
  const held = lanes.filter(({ threadId }) => holders.has(threadId))
  const data = {
    held: held.map(({ ref, threadId }) => ({ ref, id: threadId, holder: holders.get(threadId) })),
  }
  if (held.length === 0) return ok('No lane is open in another process.', { data })
  return warn(`${countToWords(held.length, 'lane is', 'lanes are')} open in another process.`, {
    detail: held.map((lane) => `${nameOf(lane)}: ${holders.get(lane.threadId)}`).join('\n'),
    recovery: 'Close the thread there before you send to it.',
    data,
  })
}

const well: Record<AttentionKind, string> = {
  ambiguous: 'Every delivery is settled or on its way.',
  pending: 'No request waits for a person.',
  cut: 'No lane was cut off in its turn.',
  stalled: 'No lane is stalled.',
  held: 'No queue waits for a person.',
  disabled: 'No trigger was disabled.',
  failing: 'No trigger is failing.',
}

/** Looks for what of that kind waits for a person. */
export const checkAttention = (store: Store, kind: AttentionKind): Finding => {
  const attention = attentionOf(store, kind)
  const { count, summary, command, named } = attention
  const data = { count, [kind]: named.map((one) => one.data) }
  if (count === 0) return ok(well[kind], { data })
  const detail = attentionToFacts(attention).join('\n')
  return warn(`${summary}.`, { detail, recovery: command, data })
}

/** The end of a check that needs a registry of this schema. */
export const withoutRegistry = (): Finding => skipped('The registry cannot be asked.')
