// list --unmanaged: the sessions of this machine that are no lanes. Reads Codex's database alone, and
// changes nothing.
import type { Call, ListUnmanagedInput, ListUnmanagedResult } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import type { ThreadReader } from '../codex/thread-reader.ts'
import { threadToStatus } from '../codex/translate-thread.ts'
import type { WriterLocks } from '../codex/writer-locks.ts'
import { scanPages } from './scan.ts'
import { msToIso } from '../clock/instant.ts'

type UnmanagedOptions = {
  store: Store
  link: CodexLink
  threads: ThreadReader
  locks: WriterLocks
}

type Session = ListUnmanagedResult['sessions'][number]

const LIMIT = 50
const PREVIEW_MAX = 80

const previewOf = (text: string): string =>
  text.length <= PREVIEW_MAX ? text : `${text.slice(0, PREVIEW_MAX - 1)}\u2026`

const threadToSession = (thread: ThreadFact, elsewhere: boolean): Session => ({
  id: thread.id,
  name: thread.name,
  preview: previewOf(thread.preview),
  cwd: thread.cwd,
  status: threadToStatus(thread, elsewhere),
  source: thread.source,
  ephemeral: thread.ephemeral,
  runningElsewhere: elsewhere,
  model: thread.model,
  createdAt: msToIso(thread.createdAt),
  updatedAt: msToIso(thread.updatedAt),
})

/** Makes the list of unmanaged sessions. */
export const makeUnmanaged =
  ({ store, link, threads, locks }: UnmanagedOptions) =>
  async (input: ListUnmanagedInput, call: Call): Promise<ListUnmanagedResult> => {
    const client = await link.client(call.signal)
    try {
      const { found, nextCursor } = await scanPages<ThreadFact>({
        cursor: input.cursor ?? null,
        limit: input.limit ?? LIMIT,
        // A page of a hundred is 20 ms of Codex's database: all of it is looked through.
        maxScan: Number.POSITIVE_INFINITY,
        page: (cursor, limit) => {
          call.signal.throwIfAborted()
          const { cwd = null, includeSubagents: subagents = false } = input
          return threads.list(client, { cursor, limit, cwd, subagents })
        },
        idOf: ({ id }) => id,
        fits: ({ id }) => store.lanes.get(id) === null,
      })
      const elsewhere = await locks.allElsewhere(found.map(({ id }) => id))
      return {
        sessions: found.map((thread) => threadToSession(thread, elsewhere.has(thread.id))),
        nextCursor,
      }
    } catch (error) {
      throw codexFailureToError(error)
    }
  }
