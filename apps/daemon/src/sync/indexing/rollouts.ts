// Indexes what sync has read of rollout files. It keeps its own place in each file, by the same plan as
// sync: what was read of the file before is not read again, and a place is committed with what was found
// before it, so that a daemon that is killed goes on there.
import { type FileHandle, open } from 'node:fs/promises'
import type { SearchDocument, SearchIndex, Store, SyncPosition } from '@dispatch/store'
import { makeLineReader } from '../line-reader.ts'
import { planOf, type Stretch } from '../plan.ts'
import { isSameFile } from '../rollout.ts'
import { makeRecordReader } from './record-document.ts'

/** Bytes that are read at once, and as a rule of one commit: some 10 ms. */
const CHUNK = 256 * 1024
/** Bytes of a line that are kept: an item with the longest message that Codex takes. */
const LINE_MAX = 4 * 1024 * 1024

/** How far a file is indexed. */
type Progress = {
  path: string
  /** What is indexed; null: nothing yet. */
  done: SyncPosition | null
  /** What is under way to that position. */
  todo: { target: SyncPosition; stretches: Stretch[] } | null
}

/** Indexes the files. */
export type Rollouts = {
  /** Looks at what sync has read of a lane. */
  look(threadId: string): Promise<void>
  /** One commit's worth, of that lane first; whether there is more. */
  step(first?: string): Promise<boolean>
  /** What was under way in a file counts no more: its thread has another history now. */
  drop(threadId: string): void
  /** Bytes that are to do, by lane. */
  behind(): Map<string, number>
}

const bytesOf = ({ todo }: Progress): number =>
  (todo?.stretches ?? []).reduce((sum, { from, to }) => sum + to - from, 0)

const covers = (done: SyncPosition, target: SyncPosition): boolean =>
  done.device === target.device &&
  done.inode === target.inode &&
  done.offset === target.offset &&
  done.anchor === target.anchor &&
  (done.whole || !target.whole)

/** Makes it. */
export const makeRollouts = (store: Store, index: SearchIndex): Rollouts => {
  const underway = new Map<string, Progress>()
  const readers = new Map<string, ReturnType<typeof makeRecordReader>>()

  const leave = (threadId: string): void => {
    underway.delete(threadId)
    readers.delete(threadId)
  }

  const readerOf = (threadId: string): ReturnType<typeof makeRecordReader> => {
    const reader = readers.get(threadId) ?? makeRecordReader(threadId)
    readers.set(threadId, reader)
    return reader
  }

  const write = (threadId: string, progress: Progress): void => {
    index.threads.put({ threadId, rollout: progress })
    if (progress.todo) underway.set(threadId, progress)
    else leave(threadId)
  }

  const open1 = async (path: string): Promise<FileHandle | null> => {
    try {
      return await open(path, 'r')
    } catch {
      return null
    }
  }

  const look: Rollouts['look'] = async (threadId) => {
    const row = store.syncs.get(threadId)
    if (!row?.position || row.path === null || !store.lanes.get(threadId)) return
    const { path, position: target } = row
    const known = index.threads.get(threadId)?.rollout as Progress | null | undefined
    const past = known?.path === path ? known : null
    if (past?.todo && covers(past.todo.target, target)) {
      underway.set(threadId, past)
      return
    }
    if (past && !past.todo && past.done && covers(past.done, target)) return
    await using file = await open1(path)
    if (!file) return
    const done = past?.done && (await isSameFile(file, past.done)) ? past.done : null
    const { stretches } = planOf(target.offset, done, target.whole)
    index.transaction(() => write(threadId, { path, done, todo: { target, stretches } }))
  }

  /** Reads up to a chunk and the line that it ends in; where the next one begins, and what was found. */
  const readSome = async (file: FileHandle, threadId: string, stretch: Stretch) => {
    const documents: SearchDocument[] = []
    const toDocument = readerOf(threadId)
    const lines = makeLineReader({
      skipFirst: stretch.inside,
      max: LINE_MAX,
      onLine: (line) => {
        const document = toDocument(line, stretch.from + lines.consumed())
        if (document) documents.push(document)
      },
    })
    const chunk = Buffer.allocUnsafe(CHUNK)
    let at = stretch.from
    while (at < stretch.to && lines.consumed() === 0) {
      const wanted = Math.min(CHUNK, stretch.to - at)
      const { bytesRead } = await file.read(chunk, 0, wanted, at)
      if (bytesRead === 0) break
      lines.take(chunk.subarray(0, bytesRead))
      at += bytesRead
    }
    const isOver = lines.consumed() === 0
    return { documents, from: isOver ? stretch.to : stretch.from + lines.consumed() }
  }

  const finish = (threadId: string, { path, todo }: Progress): void =>
    index.transaction(() => write(threadId, { path, done: todo?.target ?? null, todo: null }))

  return {
    look,
    step: async (first) => {
      const [oldest] = underway.keys()
      const threadId = first !== undefined && underway.has(first) ? first : oldest
      const progress = threadId === undefined ? undefined : underway.get(threadId)
      if (threadId === undefined || !progress) return false
      const { todo } = progress
      const [stretch, ...rest] = todo?.stretches ?? []
      await using file = stretch ? await open1(progress.path) : null
      // Moved or removed: the next sync tells where to.
      if (!stretch || !file || !todo) {
        finish(threadId, progress)
        return underway.size > 0
      }
      const { documents, from } = await readSome(file, threadId, stretch)
      const left = from < stretch.to ? [{ from, to: stretch.to, inside: false }, ...rest] : rest
      // Forgotten while it was read.
      if (!store.lanes.get(threadId)) {
        leave(threadId)
        return underway.size > 0
      }
      index.transaction(() => {
        index.put(documents)
        write(threadId, { ...progress, todo: { ...todo, stretches: left } })
      })
      if (left.length === 0) finish(threadId, progress)
      return underway.size > 0
    },
    drop: (threadId) => {
      leave(threadId)
      index.threads.put({ threadId, rollout: null })
    },
    behind: () =>
      new Map([...underway].map(([threadId, progress]) => [threadId, bytesOf(progress)])),
  }
}
