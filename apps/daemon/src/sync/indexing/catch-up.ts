// Follows the registry's events into the index: items that completed, turns that were taken back, lanes
// that were forgotten. How far it is stands in the index, in the same commit as what was indexed, so a
// daemon that is killed goes on where it was. Where the log lost events, or does not reach back, the items
// of the registry are read again.
import type { SearchDocument, SearchIndex, Store } from '@dispatch/store'
import { itemToDocument } from './to-document.ts'

/** Events of one commit. */
const PAGE = 200
/** Items that are taken out in one commit. */
const SLICE = 500

type ItemData = {
  id: string
  turnId: string
  type: string
  text: string
  status: string | null
  completedAt: string | null
  startedAt: string | null
}

/** Events that change the index. */
export const indexedTypes = ['item.completed', 'lane.rolled-back', 'lane.detached'] as const

const instantOf = (text: string | null, otherwise: number): number => {
  const at = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? otherwise : at
}

/** Follows the events. */
export type CatchUp = {
  /** Compares the index with the registry: what is new in either, and what is gone. */
  begin(): void
  /** One commit's worth; whether there is more. */
  step(): boolean
}

type CatchUpOptions = {
  store: Store
  index: SearchIndex
  /** Inside the commit: turns of that thread were taken back. */
  rolledBack: (threadId: string) => void
}

/** Makes the following. */
export const makeCatchUp = ({ store, index, rolledBack }: CatchUpOptions): CatchUp => {
  const { threads } = index

  const forget = (threadId: string): void => {
    while (index.transaction(() => index.forgetSome(threadId, SLICE)) === SLICE);
    threads.remove(threadId)
  }

  const startAgain = (): void =>
    index.transaction(() => {
      threads.setMark(store.events.lastSeq())
      for (const threadId of store.lanes.threadIds()) threads.put({ threadId, floor: null })
    })

  const isHole = (): boolean =>
    threads.mark() > store.events.lastSeq() || threads.mark() + 1 < store.events.firstSeq()

  return {
    begin: () => {
      const lanes = new Set(store.lanes.threadIds())
      for (const { threadId } of threads.all()) if (!lanes.has(threadId)) forget(threadId)
      if (index.made || isHole()) startAgain()
    },
    step: () => {
      if (isHole()) startAgain()
      const afterSeq = threads.mark()
      const { rows, throughSeq } = store.events.readAfter({
        afterSeq,
        limit: PAGE,
        types: indexedTypes,
      })
      if (throughSeq === afterSeq) return false
      let documents: SearchDocument[] = []
      const put = (): void => {
        index.put(documents)
        documents = []
      }
      // A lane that was forgotten since has events still.
      const isLane = (threadId: string): boolean => store.lanes.get(threadId) !== null
      const gone: string[] = []
      index.transaction(() => {
        for (const { threadId, type, data, at } of rows) {
          if (threadId === null) continue
          if (type === 'item.completed' && isLane(threadId)) {
            const item = JSON.parse(data) as ItemData
            const happened = instantOf(item.completedAt ?? item.startedAt, at)
            const document = itemToDocument({ ...item, threadId, at: happened })
            if (document) documents.push(document)
          }
          if (type === 'lane.rolled-back') {
            put()
            index.forgetTurns(threadId, (JSON.parse(data) as { turns: string[] }).turns)
            rolledBack(threadId)
          }
          if (type === 'lane.detached' && !isLane(threadId)) gone.push(threadId)
        }
        put()
        threads.setMark(throughSeq)
      })
      for (const threadId of gone) forget(threadId)
      return true
    },
  }
}
