// rename, archive and restore of a thread that is no lane, by its id: in Codex alone.
import {
  type ActionResult,
  DispatchError,
  type RenameInput,
  type ThreadIdentity,
} from '@dispatch/contract'
import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow } from '@dispatch/store'
import { codexFailureToError, isThreadGone } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import type { ThreadReader } from '../codex/thread-reader.ts'
import { threadToStatus } from '../codex/translate-thread.ts'
import type { WriterLocks } from '../codex/writer-locks.ts'
import { threadToNotFound } from './attach.ts'

type RawOptions = { link: CodexLink; threads: ThreadReader; locks: WriterLocks }

/** Acts on threads that are no lanes. */
export type RawThreads = {
  rename(threadId: string, input: RenameInput): Promise<ActionResult>
  archive(threadId: string): Promise<ActionResult>
  restore(threadId: string): Promise<ActionResult>
}

const rawId = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** The thread id that a selector spells out in full, or null. */
export const threadIdOf = (selector: string): string | null =>
  rawId.test(selector) ? selector.toLowerCase() : null

/** A thread that is no lane, as it is shown. */
export const threadToIdentity = (thread: ThreadFact, elsewhere: boolean): ThreadIdentity => ({
  ref: null,
  id: thread.id,
  handle: null,
  title: thread.name,
  managed: false,
  source: 'unmanaged',
  status: threadToStatus(thread, elsewhere),
  cwd: thread.cwd,
})

/** The thread of a lane's selector, or of a thread id that is no lane's. */
export const makeThreadOf =
  (options: { threads: ThreadReader; find: (selector: string) => LaneRow }) =>
  async (client: CodexClient, selector: string): Promise<ThreadFact> => {
    const threadId = threadIdOf(selector) ?? options.find(selector).threadId
    try {
      const thread = await options.threads.read(client, threadId)
      if (thread) return thread
    } catch (error) {
      throw isThreadGone(error) ? threadToNotFound(threadId, error) : error
    }
    throw threadToNotFound(threadId)
  }

/** Makes the actions. */
export const makeRawThreads = ({ link, threads, locks }: RawOptions): RawThreads => {
  const asking = async <T>(threadId: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      if (isThreadGone(error)) throw threadToNotFound(threadId, error)
      throw codexFailureToError(error, () => locks.elsewhere(threadId))
    }
  }

  const act = async (
    threadId: string,
    change: (client: CodexClient, before: ThreadFact) => Promise<string | null>,
  ): Promise<ActionResult> => {
    const client = await link.client()
    const read = async (): Promise<ThreadFact> => {
      const thread = await threads.read(client, threadId)
      if (!thread) throw new DispatchError('app_server', `Codex did not describe ${threadId}.`)
      return thread
    }
    return await asking(threadId, async () => {
      const note = await change(client, await read())
      const after = threadToIdentity(await read(), locks.elsewhere(threadId) !== null)
      return { ...after, notes: note === null ? [] : [note] }
    })
  }

  return {
    rename: (threadId, { name }) =>
      act(threadId, async (client) => {
        await client.request('thread/name/set', { threadId, name })
        return null
      }),
    archive: (threadId) =>
      act(threadId, async (client, before) => {
        if (before.archived) return 'It was archived already.'
        await client.request('thread/archive', { threadId })
        return null
      }),
    restore: (threadId) =>
      act(threadId, async (client, before) => {
        if (!before.archived) return 'It was not archived.'
        await client.request('thread/unarchive', { threadId })
        return null
      }),
  }
}
