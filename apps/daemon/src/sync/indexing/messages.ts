// What the daemon and the thread that indexes say to each other. Types only.
import type { SearchPage, SearchPageQuery } from '@dispatch/store'

/** What the thread is started with. */
export type IndexPlace = { registry: string; index: string }

/** What is asked of it. */
export type IndexQuestion =
  /** Answered when all events of before are indexed. */
  | { kind: 'catch-up' }
  /** Answered when what was synced of that lane is indexed. */
  | { kind: 'synced'; threadId: string }
  | { kind: 'page'; asked: SearchPageQuery }
  /** Answered when what is in the WAL of the registry is in its file. */
  | { kind: 'checkpoint' }
  /** Answered when the index is closed; the thread ends. */
  | { kind: 'close' }

/** What it answers. */
export type IndexAnswer =
  | { kind: 'done' }
  | { kind: 'page'; page: SearchPage }
  /** The cursor of the question is none of it. */
  | { kind: 'no-cursor' }
  /** The checkpoint could not be made; the index is none the worse. */
  | { kind: 'no-checkpoint'; message: string }

/** How far it is. */
export type IndexProgress = {
  items: number
  lanesToDo: number
  bytesToDo: number
  /** Lanes of which something is to do, and bytes of their files; not all where there are very many. */
  behind: [string, number][]
}

/** What it is told. */
export type IndexTold = { id: number; question: IndexQuestion }

/** What it says. */
export type IndexSaid =
  | { kind: 'answer'; id: number; answer: IndexAnswer }
  | { kind: 'progress'; progress: IndexProgress; isIdle: boolean }
  /** It cannot go on, and ends. */
  | { kind: 'broken'; message: string }
