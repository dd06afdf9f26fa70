/** What every method of the fake gets, and the lookups they share. */
import { Refusal } from './failure.ts'
import type { Faults } from './faults.ts'
import type { Peer, Peers } from './peer.ts'
import type { ThreadRecord } from './thread-record.ts'
import type { ThreadStore } from './thread-store.ts'
import type { RunningTurn } from './turns.ts'

export interface Context {
  store: ThreadStore
  peers: Peers
  faults: Faults
  running: Map<string, RunningTurn>
  requestsInFlight: () => number
  /** Resolves when a request of that method comes, before it is done. */
  asked: (method: string) => Promise<void>
  exit: (code: number) => void
  process: { pid: number; memoryBytes: () => number }
}

export interface Params {
  threadId?: string
  [field: string]: unknown
}

export type Method = (params: Params, context: Context, peer: Peer) => object

export function knownThread({ store }: Context, { threadId = '' }: Params): ThreadRecord {
  const thread = store.threads.get(threadId)
  if (!thread) throw new Refusal(`thread not loaded: ${threadId}`)
  return thread
}

export function loadedThread({ store }: Context, { threadId = '' }: Params): ThreadRecord {
  const thread = store.threads.get(threadId)
  if (!thread || !store.loaded.has(threadId)) throw new Refusal(`thread not found: ${threadId}`)
  return thread
}
