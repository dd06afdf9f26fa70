// Gathers what Codex has of a message: its user message in the history by our id, and equal texts in
// the rollout beyond its length at submission (the rollout's line is written before the history's).
// Context is in no history: its line in the rollout has an id of ours.
import { createReadStream, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { CodexClient } from '@dispatch/codex-client'
import type { DeliveryRow, LaneRow } from '@dispatch/store'
import { isThreadGone } from '../codex/codex-failure.ts'
import type { HistoryItem, HistoryReader, ItemsQuery, Page } from '../codex/history-reader.ts'
import type { Evidence } from './decide.ts'

const PAGE = 100
const CLOCK_SLACK_MS = 60_000
const CONTEXT_PREFIX = 'msg_dsp_'

type RolloutLine = {
  type?: string
  payload?: {
    type?: string
    id?: string
    role?: string
    content?: { text?: string }[]
    item?: { type?: string; client_id?: string; content?: { text?: string }[] }
  }
}

const hasText = (content: { text?: string }[] | undefined, text: string): boolean =>
  (content ?? []).some((part) => part.text === text)

/** Whether the line is that of a user message: as the model gets it, or as it is complete. */
const roleOf = (
  { type, payload }: RolloutLine,
  { id, text }: DeliveryRow,
): 'sent' | 'completed' | null => {
  if (type === 'response_item' && payload?.type === 'message' && payload.role === 'user') {
    const isContext = payload.id?.startsWith(CONTEXT_PREFIX) === true
    return !isContext && hasText(payload.content, text) ? 'sent' : null
  }
  if (type === 'event_msg' && payload?.type === 'item_completed') {
    const { item } = payload
    const isOther = item?.type === 'UserMessage' && item.client_id !== id
    return isOther && hasText(item.content, text) ? 'completed' : null
  }
  return null
}

async function* linesOf(path: string, from: number): AsyncGenerator<RolloutLine> {
  for await (const line of createInterface({ input: createReadStream(path, { start: from }) })) {
    try {
      yield JSON.parse(line) as RolloutLine
    } catch {
      // A half-written last line says nothing.
    }
  }
}

/** Looks through the rollout from that byte on; null where it cannot be read. */
const scan = async <T>(
  { path, from }: { path: string | null; from: number | null },
  none: T,
  look: (lines: AsyncIterable<RolloutLine>) => Promise<T>,
): Promise<T | null> => {
  if (path === null || from === null) return null
  try {
    // Codex only appends; a shorter file is another one (reverted, compressed).
    if (statSync(path).size < from) return null
    return await look(linesOf(path, from))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && from === 0 ? none : null
  }
}

// A line whose message was completed for another delivery is that one's.
const countText = async (lines: AsyncIterable<RolloutLine>, row: DeliveryRow): Promise<number> => {
  let count = 0
  for await (const line of lines) {
    const role = roleOf(line, row)
    if (role === 'sent') count += 1
    else if (role === 'completed') count = Math.max(0, count - 1)
  }
  return count
}

const hasItem = async (lines: AsyncIterable<RolloutLine>, id: string): Promise<boolean> => {
  for await (const { type, payload } of lines) {
    if (type === 'response_item' && payload?.id === id) return true
  }
  return false
}

const placeOf = ({ rolloutPath }: LaneRow, { rolloutBytes }: DeliveryRow) => ({
  path: rolloutPath,
  from: rolloutBytes,
})

/** The id that the item of a context message has in Codex. */
export const contextItemId = ({ id }: Pick<DeliveryRow, 'id'>): string => `${CONTEXT_PREFIX}${id}`

/** Whether the rollout has that context message; null where it cannot be read. */
export const isContextInRollout = (lane: LaneRow, row: DeliveryRow): Promise<boolean | null> =>
  scan(placeOf(lane, row), false, (lines) => hasItem(lines, contextItemId(row)))

/** Gathers what Codex has of a message. */
export type GatherEvidence = (
  client: CodexClient,
  about: {
    lane: LaneRow
    row: DeliveryRow
    /** Others of the lane that may have left and are not settled. */
    others: readonly DeliveryRow[]
  },
) => Promise<Evidence>

// Context is known by its id.
const isTwin = ({ id, text }: DeliveryRow, other: DeliveryRow): boolean =>
  other.id !== id && other.text === text && other.mode !== 'context'

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

  return async (client, { lane, row, others }) => ({
    inHistory: await findInHistory(client, row),
    sameTextInRollout: await scan(placeOf(lane, row), 0, (lines) => countText(lines, row)),
    twins: others.filter((other) => isTwin(row, other)).length,
  })
}
