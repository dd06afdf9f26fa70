// Reads a rollout file as far as it has to be read: goes on where the last reading stopped while the
// file is the same and has only grown, and starts again where it was cut, replaced or rewritten.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { SyncPosition } from '@dispatch/store'
import { makeLineReader } from './line-reader.ts'
import { planOf, type Stretch } from './plan.ts'
import { lineToFact } from './record.ts'

/** What the lines of a rollout tell together; null for what none told. */
export type RolloutFacts = {
  latestEventAt: number | null
  latestTurnId: string | null
  model: string | null
  /** The first message of the user. */
  message: string | null
}

/** One reading. */
export type Reading = {
  facts: RolloutFacts
  position: SyncPosition
  /** Whether the facts are of the whole file, and not to be laid over those of before. */
  afresh: boolean
  bytesRead: number
  badLines: number
}

const CHUNK = 256 * 1024
/** Bytes by which a file is known again, at its beginning and before where reading stopped. */
const MARK = 256

const noFacts = (): RolloutFacts => ({
  latestEventAt: null,
  latestTurnId: null,
  model: null,
  message: null,
})

const hashAt = async (file: FileHandle, from: number, to: number): Promise<string> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from)
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex').slice(0, 16)
}

const marksAt = async (file: FileHandle, offset: number) => ({
  head: await hashAt(file, 0, Math.min(MARK, offset)),
  anchor: await hashAt(file, Math.max(0, offset - MARK), offset),
})

type Identity = { device: number; inode: number; size: number }

/** Whether an open file is the one that a position is of, and has only grown since. */
export const isSameFile = async (file: FileHandle, known: SyncPosition): Promise<boolean> => {
  const stat = await file.stat()
  return isSame(file, { device: stat.dev, inode: stat.ino, size: stat.size }, known)
}

const isSame = async (
  file: FileHandle,
  identity: Identity,
  known: SyncPosition,
): Promise<boolean> => {
  const { device, inode, size } = identity
  if (device !== known.device || inode !== known.inode || size < known.offset) return false
  const { head, anchor } = await marksAt(file, known.offset)
  return head === known.head && anchor === known.anchor
}

type Tally = { facts: RolloutFacts; bytesRead: number; badLines: number }

/** Reads a stretch; gives where its last whole line ends, null where it has none. */
const readStretch = async (
  file: FileHandle,
  stretch: Stretch,
  { tally, signal }: { tally: Tally; signal: AbortSignal },
): Promise<number | null> => {
  const lines = makeLineReader({
    skipFirst: stretch.inside,
    onLine: (line) => {
      const fact = lineToFact(line)
      if (fact === null) {
        tally.badLines += 1
        return
      }
      const { facts } = tally
      facts.latestEventAt = Math.max(facts.latestEventAt ?? 0, fact.at)
      facts.latestTurnId = fact.turnId ?? facts.latestTurnId
      facts.model = fact.model ?? facts.model
      facts.message ??= fact.message ?? null
    },
  })
  const chunk = Buffer.allocUnsafe(CHUNK)
  for (let at = stretch.from; at < stretch.to;) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK, stretch.to - at), at)
    // Cut while it was read: the next sync sees that.
    if (bytesRead === 0) break
    lines.take(chunk.subarray(0, bytesRead))
    at += bytesRead
    tally.bytesRead += bytesRead
  }
  return lines.consumed() === 0 ? null : stretch.from + lines.consumed()
}

/** Reads what has to be read of the file; `known` is where the last reading of that path stopped. */
export const readRollout = async (
  path: string,
  options: { known: SyncPosition | null; full: boolean; signal: AbortSignal },
): Promise<Reading> => {
  await using file = await open(path, 'r')
  const stat = await file.stat()
  const identity: Identity = { device: stat.dev, inode: stat.ino, size: stat.size }
  const { known } = options
  const same = known !== null && (await isSame(file, identity, known)) ? known : null
  const plan = planOf(identity.size, same, options.full)
  const tally: Tally = { facts: noFacts(), bytesRead: 0, badLines: 0 }
  let offset = same?.offset ?? 0
  for (const stretch of plan.stretches) {
    const end = await readStretch(file, stretch, { tally, signal: options.signal })
    offset = end ?? offset
  }
  return {
    ...tally,
    afresh: plan.afresh,
    position: { ...identity, offset, whole: plan.whole, ...(await marksAt(file, offset)) },
  }
}
