// What the thread that indexes does, a step at a time, so that a question waits for one step at most:
// events first, then what sync has read, then what lanes had from before. Alone with the index; of the
// registry it only reads.
import type { SearchIndex, SearchPage, SearchPageQuery, Store } from '@dispatch/store'
import { makeBackfill } from './backfill.ts'
import { makeCatchUp } from './catch-up.ts'
import type { IndexProgress } from './messages.ts'
import { makeRollouts } from './rollouts.ts'

/** The work on an index. */
export type Indexer = {
  /** Compares the index with the registry. */
  begin(): Promise<void>
  /** One step, of that lane's file first; whether there is more to do. */
  step(first?: string): Promise<boolean>
  /** Indexes some of the events that there are; whether there are more. */
  catchUp(): boolean
  /** Looks at what sync has read of a lane. */
  synced(threadId: string): Promise<void>
  /** Whether something of a lane's file is to do. */
  isBehind(threadId: string): boolean
  /**
   * What is indexed by now: to find what was seen before it was asked, events are caught up with
   * first.
   */
  page(asked: SearchPageQuery): SearchPage
  progress(): IndexProgress
}

/** Lanes that are named as behind. */
const BEHIND_MAX = 1_000

/** Makes it. */
export const makeIndexer = (store: Store, index: SearchIndex): Indexer => {
  const rollouts = makeRollouts(store, index)
  const catchUp = makeCatchUp({ store, index, rolledBack: rollouts.drop })
  const backfill = makeBackfill(store, index)

  return {
    begin: async () => {
      catchUp.begin()
      for (const threadId of store.lanes.threadIds()) await rollouts.look(threadId)
    },
    step: async (first) => {
      if (catchUp.step()) return true
      return (await rollouts.step(first)) || backfill()
    },
    catchUp: catchUp.step,
    synced: rollouts.look,
    isBehind: (threadId) => rollouts.behind().has(threadId),
    page: (asked) => index.page(asked),
    progress: () => {
      const files = rollouts.behind()
      const undone = index.threads.undone(BEHIND_MAX).map(({ threadId }) => threadId)
      const behind = new Map([
        ...undone.map((threadId): [string, number] => [threadId, 0]),
        ...files,
      ])
      return {
        items: index.size(),
        lanesToDo: Math.max(behind.size, index.threads.countUndone()),
        bytesToDo: [...files.values()].reduce((sum, bytes) => sum + bytes, 0),
        behind: [...behind].slice(0, BEHIND_MAX),
      }
    },
  }
}
