// Codex's file changes in our words. A request to change files names an item alone; what it changes
// was told when the item began.
import type { RequestAsk } from '@dispatch/contract'
import { z } from 'zod'

/** One change of a file. */
export type FileChange = NonNullable<RequestAsk['changes']>[number]

/** What was told of an item's changes; null: it has ended. */
export type ItemChanges = { threadId: string; itemId: string; changes: FileChange[] | null }

const Kind = z.union([
  z.string(),
  z.looseObject({ type: z.string(), move_path: z.string().nullish() }),
])

const Changed = z.looseObject({ path: z.string(), kind: Kind, diff: z.string().catch('') })

const Legacy = z.looseObject({
  type: z.string(),
  content: z.string().nullish(),
  unified_diff: z.string().nullish(),
  move_path: z.string().nullish(),
})

const ItemEvent = z.looseObject({
  threadId: z.string(),
  itemId: z.string().optional(),
  item: z
    .looseObject({ id: z.string(), type: z.string(), changes: z.unknown().optional() })
    .optional(),
  changes: z.unknown().optional(),
})

const list = (raw: unknown): unknown[] => (Array.isArray(raw) ? raw : [])

const rawToChanges = (raw: unknown): FileChange[] =>
  list(raw).flatMap((one) => {
    const parsed = Changed.safeParse(one)
    if (!parsed.success) return []
    const { path, kind, diff } = parsed.data
    return typeof kind === 'string'
      ? [{ path, change: kind, movedTo: null, diff }]
      : [{ path, change: kind.type, movedTo: kind.move_path ?? null, diff }]
  })

/** The changes of a request of the older protocol, by path. */
export const legacyToChanges = (raw: unknown): FileChange[] =>
  Object.entries(typeof raw === 'object' && raw !== null ? raw : {}).flatMap(([path, one]) => {
    const parsed = Legacy.safeParse(one)
    if (!parsed.success) return []
    const { type, content, unified_diff: unified, move_path: movedTo } = parsed.data
    return [{ path, change: type, movedTo: movedTo ?? null, diff: unified ?? content ?? '' }]
  })

/** What a notification tells of an item's changes, or null. */
export const notificationToChanges = ({
  method,
  params,
}: {
  method: string
  params?: unknown
}): ItemChanges | null => {
  const isEnd = method === 'item/completed'
  if (!isEnd && method !== 'item/started' && method !== 'item/fileChange/patchUpdated') return null
  const parsed = ItemEvent.safeParse(params)
  if (!parsed.success) return null
  const { threadId, item, itemId, changes } = parsed.data
  if (item === undefined) {
    return itemId === undefined || isEnd
      ? null
      : { threadId, itemId, changes: rawToChanges(changes) }
  }
  if (item.type !== 'fileChange') return null
  return { threadId, itemId: item.id, changes: isEnd ? null : rawToChanges(item.changes) }
}
