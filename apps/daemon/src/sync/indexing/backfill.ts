// Indexes the items that the registry has of lanes from before the index: newest first, a page a commit.
// How far it is stands with the lane.
import type { SearchIndex, Store } from '@dispatch/store'
import { itemToDocument } from './to-document.ts'

/** Items of one commit; 65,536 characters each at most. */
const PAGE = 50

/** One commit's worth; whether there is more. */
export const makeBackfill =
  (store: Store, index: SearchIndex): (() => boolean) =>
  () => {
    const [thread] = index.threads.undone(1)
    if (!thread) return false
    const { threadId, floor } = thread
    const items = store.items.list(threadId, { limit: PAGE, beforeOrdinal: floor })
    const lane = store.lanes.get(threadId)
    index.transaction(() => {
      index.put(
        items.flatMap((item) => {
          const at = item.completedAt ?? item.startedAt ?? lane?.createdAt ?? 0
          return itemToDocument({ ...item, at }) ?? []
        }),
      )
      const [oldest] = items
      index.threads.put({ threadId, floor: items.length < PAGE || !oldest ? 0 : oldest.ordinal })
    })
    return true
  }
