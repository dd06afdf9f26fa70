// Finds the thread that was started under a name of ours (`threadSource`) when its answer was lost:
// among the loaded threads, where it is until somebody writes to it, and in the first line of the
// session files of those days, where it is from then on.
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { CodexClient } from '@dispatch/codex-client'
import { isThreadGone } from './codex-failure.ts'

/** Which thread. */
export type StartedQuery = {
  source: string
  /** It was started after that, epoch ms. */
  since: number
  /** Threads that it cannot be. */
  isKnown: (threadId: string) => boolean
}

/** The id of the thread, or null where Codex has none. */
export type FindStarted = (client: CodexClient, query: StartedQuery) => Promise<string | null>

const DAY_MS = 86_400_000
const CLOCK_SLACK_MS = 60_000
/** Instructions stand in the first line, twice the most that we take of each kind is enough. */
const HEAD_BYTES = 8 * 1024 * 1024

const loadedIds = async (client: CodexClient): Promise<string[]> => {
  const ids: string[] = []
  for (let cursor: string | null = null; ;) {
    const page: { data: string[]; nextCursor: string | null } = await client.request(
      'thread/loaded/list',
      { cursor },
    )
    ids.push(...page.data)
    if (page.nextCursor === null) return ids
    cursor = page.nextCursor
  }
}

const sourceOf = async (client: CodexClient, threadId: string): Promise<string | null> => {
  try {
    const { thread } = await client.request('thread/read', { threadId, includeTurns: false })
    return thread.threadSource
  } catch (error) {
    // It was unloaded in between, and was never written.
    if (isThreadGone(error)) return null
    throw error
  }
}

const findLoaded = async (client: CodexClient, query: StartedQuery): Promise<string | null> => {
  for (const threadId of await loadedIds(client)) {
    if (query.isKnown(threadId)) continue
    if ((await sourceOf(client, threadId)) === query.source) return threadId
  }
  return null
}

// A folder a day, and one day about: which zone they are of is Codex's own affair.
const foldersOf = (codexHome: string, since: number): string[] =>
  [-1, 0, 1].map((days) => {
    const day = new Date(since + days * DAY_MS).toISOString().slice(0, 10)
    return `${codexHome}/sessions/${day.replaceAll('-', '/')}`
  })

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

const firstLine = async (path: string): Promise<string> => {
  const stream = createReadStream(path, { end: HEAD_BYTES })
  const lines = createInterface({ input: stream })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    stream.destroy()
  }
}

const idInHead = async (path: string, source: string): Promise<string | null> => {
  const line = await firstLine(path)
  if (!line.includes(source)) return null
  try {
    const { payload } = JSON.parse(line) as { payload?: { id?: unknown; thread_source?: unknown } }
    const { id, thread_source: named } = payload ?? {}
    return named === source && typeof id === 'string' ? id : null
  } catch {
    // Half written: whoever writes it is asked at the next try.
    return null
  }
}

const findWritten = async (codexHome: string, query: StartedQuery): Promise<string | null> => {
  for (const folder of foldersOf(codexHome, query.since)) {
    for (const name of await namesIn(folder)) {
      const path = `${folder}/${name}`
      if (!name.endsWith('.jsonl')) continue
      if ((await stat(path)).mtimeMs < query.since - CLOCK_SLACK_MS) continue
      const id = await idInHead(path, query.source)
      if (id !== null && !query.isKnown(id)) return id
    }
  }
  return null
}

/** Makes the search in a CODEX_HOME. */
export const makeFindStarted =
  (options: { codexHome: string }): FindStarted =>
  async (client, query) =>
    (await findLoaded(client, query)) ?? (await findWritten(options.codexHome, query))
