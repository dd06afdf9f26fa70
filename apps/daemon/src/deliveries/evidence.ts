// Gathers what Codex has of a message: its user message in the history by our id, and equal texts in
// the rollout beyond its length at submission (the rollout's line is written before the history's).
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { CodexClient, CodexResult } from '@dispatch/codex-client'
import type { DeliveryRow, LaneRow } from '@dispatch/store'
import { itemToFact } from '../codex/translate-item.ts'
import type { Evidence } from './decide.ts'

const PAGE = 100

/** The turn of the user message with that id, newest first; null where the whole history lacks it. */
const findInHistory = async (
  client: CodexClient,
  row: DeliveryRow,
): Promise<Evidence['inHistory']> => {
  let cursor: string | null = null
  do {
    const page: CodexResult<'thread/items/list'> = await client.request('thread/items/list', {
      threadId: row.threadId,
      cursor,
      limit: PAGE,
      sortDirection: 'desc',
    })
    const entry = page.data.find(({ item }) => itemToFact(item)?.clientId === row.id)
    if (entry) return { turnId: entry.turnId }
    // Items that completed before the message was handed over cannot be followed by it.
    const oldest = page.data.at(-1)?.completedAtMs
    if (oldest && row.submittedAt !== null && oldest < row.submittedAt - 60_000) return null
    cursor = page.nextCursor
  } while (cursor !== null)
  return null
}

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
    let count = 0
    const lines = createInterface({ input: createReadStream(path, { start: from }) })
    for await (const line of lines) if (isSameMessage(line, text)) count += 1
    return count
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && from === 0 ? 0 : null
  }
}

/** Everything that judging a delivery needs. */
export const gatherEvidence = async (
  client: CodexClient,
  options: { lane: LaneRow; row: DeliveryRow; unsettled: readonly DeliveryRow[] },
): Promise<Evidence> => {
  const { lane, row, unsettled } = options
  return {
    inHistory: await findInHistory(client, row),
    sameTextInRollout: await countInRollout(lane.rolloutPath, row.rolloutBytes, row.text),
    twins: unsettled.filter(({ id, textHash }) => id !== row.id && textHash === row.textHash)
      .length,
  }
}
