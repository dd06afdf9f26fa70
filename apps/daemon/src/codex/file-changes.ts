// The changes of file-change items that have begun and not ended: what a request about one of them is
// shown with. Live only: of an item that began while nobody listened nothing is known.
import { type FileChange, notificationToChanges } from './translate-changes.ts'

/** Items that are kept at most; a turn has a few. */
const ITEMS_MAX = 500

/** What items change. */
export type FileChanges = {
  /** Looks at a notification. */
  take(notification: { method: string; params?: unknown }): void
  /** The changes of an item, or null where they are not known. */
  of(threadId: string, itemId: string | null): readonly FileChange[] | null
}

/** Makes the room's one record of them. */
export const makeFileChanges = (): FileChanges => {
  const items = new Map<string, readonly FileChange[]>()
  const keyOf = (threadId: string, itemId: string): string => `${threadId}/${itemId}`
  return {
    take: (notification) => {
      const told = notificationToChanges(notification)
      if (told === null) return
      const key = keyOf(told.threadId, told.itemId)
      items.delete(key)
      if (told.changes === null) return
      items.set(key, told.changes)
      const [oldest] = items.keys()
      if (items.size > ITEMS_MAX && oldest !== undefined) items.delete(oldest)
    },
    of: (threadId, itemId) =>
      itemId === null ? null : (items.get(keyOf(threadId, itemId)) ?? null),
  }
}
