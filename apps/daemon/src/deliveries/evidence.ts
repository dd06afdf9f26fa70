// Gathers what Codex has of a message: its user message in the history by our id, and equal texts in
// the rollout beyond its length at submission (the rollout's line is written before the history's).
import { createReadStream, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { CodexClient } from '@dispatch/codex-client'
import type { DeliveryRow, LaneRow } from '@dispatch/store'
import { isThreadGone } from '../codex/codex-failure.ts'
import type { HistoryItem, HistoryReader, ItemsQuery, Page } from '../codex/history-reader.ts'
import type { Evidence } from './decide.ts'

const PAGE = 100
const CLOCK_SLACK_MS = 60_000

const isSameMessage = (line: string, text: string): boolean => {
  if (!line.includes('"response_item"')) return false
  try {
    const { type, payload } = JSON.parse(line) as {
      type?: string
      payload?: { type?: string; role?: string; content?: { text?: string }[] }
    }
    return (
      type === 'response_item' &&
      payload?.type === 'message' &&
      payload.role === 'user' &&
      (payload.content ?? []).some((part) => part.text === text)
    )
  } catch {
    // A half-written last line says nothing.
    return false
  }
}

/** Equal user messages in the rollout from that byte on; null where it cannot be read. */
const countInRollout = async (
  path: string | null,
  from: number | null,
  text: string,
): Promise<number | null> => {
  if (path === null || from === null) return null
  try {
    // Codex only appends; a shorter file is another one (reverted, compressed).
    if (statSync(path).size < from) return null
    let count = 0
    const lines = createInterface({ input: createReadStream(path, { start: from }) })
    for await (const line of lines) if (isSameMessage(line, text)) count += 1
    return count
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && from === 0 ? 0 : null
  }
}

/** Gathers what Codex has of a message. */
export type GatherEvidence = (
  client: CodexClient,
  about: { lane: LaneRow; row: DeliveryRow; unsettled: readonly DeliveryRow[] },
) => Promise<Evidence>

/** Makes the gathering. */
export const makeGatherEvidence = (history: HistoryReader): GatherEvidence => {
  // A thread that is gone has no history; its rollout may still be there.
  const pageOf = async (
    client: CodexClient,
    query: ItemsQuery,
  ): Promise<Page<HistoryItem> | null> => {
    try {
      return await history.items(client, query)
    } catch (error) {
      if (isThreadGone(error)) return null
      throw error
    }
  }

  // The turn of the user message with that id, newest first; null where the whole history lacks it.
  const findInHistory = async (
    client: CodexClient,
    row: DeliveryRow,
  ): Promise<Evidence['inHistory']> => {
    let cursor: string | null = null
    do {
      const query = { threadId: row.threadId, cursor, limit: PAGE, order: 'desc' as const }
      const page = await pageOf(client, query)
      if (page === null) return null
      const found = page.data.find(({ clientId }) => clientId === row.id)
      if (found) return { turnId: found.turnId }
      // Items that completed well before the message was handed over cannot be followed by it.
      const oldest = page.data.at(-1)?.completedAt
      if (oldest && row.submittedAt !== null && oldest < row.submittedAt - CLOCK_SLACK_MS)
        return null
      cursor = page.nextCursor
    } while (cursor !== null)
    return null
  }

  return async (client, { lane, row, unsettled }) => ({
    inHistory: await findInHistory(client, row),
    sameTextInRollout: await countInRollout(lane.rolloutPath, row.rolloutBytes, row.text),
    twins: unsettled.filter(({ id, textHash }) => id !== row.id && textHash === row.textHash)
      .length,
  })
}
