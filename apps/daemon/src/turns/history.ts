// Fills up from Codex's history what nobody listened to: turns and items since the last turn that is
// known to have ended, as the facts that would have come. Natural keys keep each event single.
import type { CodexClient, CodexResult } from '@dispatch/codex-client'
import type { LaneRow, Store } from '@dispatch/store'
import type { Fact, ItemFact, TurnFact } from '../codex/fact.ts'
import { itemToFact } from '../codex/translate-item.ts'
import { turnToFact } from '../codex/translate-turn.ts'

const ITEMS_PAGE = 100
const TURNS_PAGE = 50

type Resumed = Pick<CodexResult<'thread/resume'>, 'thread' | 'initialTurnsPage'>

const isKnown = (store: Store, lane: LaneRow, turn: TurnFact): boolean => {
  const row = store.turns.get(lane.threadId, turn.id)
  return row !== null && row.status !== 'started'
}

// Newest first from Codex; oldest first for us.
const missingTurns = async (
  client: CodexClient,
  options: { store: Store; lane: LaneRow; resumed: Resumed },
): Promise<TurnFact[]> => {
  const { store, lane, resumed } = options
  const missing: TurnFact[] = []
  let page = resumed.initialTurnsPage
  while (page) {
    for (const raw of page.data) {
      const turn = turnToFact(raw)
      if (!turn) continue
      if (isKnown(store, lane, turn)) return missing.toReversed()
      missing.push(turn)
    }
    page = page.nextCursor
      ? await client.request('thread/turns/list', {
          threadId: lane.threadId,
          cursor: page.nextCursor,
          limit: TURNS_PAGE,
          itemsView: 'notLoaded',
        })
      : null
  }
  return missing.toReversed()
}

/** The items of a turn, oldest first. */
const itemsOf = async (
  client: CodexClient,
  threadId: string,
  turnId: string,
): Promise<ItemFact[]> => {
  const items: ItemFact[] = []
  let cursor: string | null = null
  do {
    const page: CodexResult<'thread/items/list'> = await client.request('thread/items/list', {
      threadId,
      turnId,
      cursor,
      limit: ITEMS_PAGE,
      sortDirection: 'asc',
    })
    for (const entry of page.data) {
      const item = itemToFact(entry.item)
      if (item) {
        items.push({
          ...item,
          startedAt: item.startedAt ?? entry.startedAtMs,
          completedAt: item.completedAt ?? entry.completedAtMs,
        })
      }
    }
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

const turnFacts = (threadId: string, turn: TurnFact, items: ItemFact[], runs: boolean): Fact[] => {
  const facts: Fact[] = [{ kind: 'turn-started', threadId, turn }]
  for (const item of items) facts.push({ kind: 'item-completed', threadId, turnId: turn.id, item })
  if (!runs) facts.push({ kind: 'turn-ended', threadId, turn })
  return facts
}

/** The facts that a lane missed, oldest first. `resumed` is the answer that loaded it. */
export const missedFacts = async (
  client: CodexClient,
  options: { store: Store; lane: LaneRow; resumed: Resumed },
): Promise<Fact[]> => {
  const { lane, resumed } = options
  const { threadId } = lane
  const active = resumed.thread.status.type === 'active'
  const turns = await missingTurns(client, options)
  const facts: Fact[] = []
  for (const turn of turns) {
    const runs = active && turn.status === 'started'
    facts.push(...turnFacts(threadId, turn, await itemsOf(client, threadId, turn.id), runs))
  }
  const activeTurn = lane.activeTurnId
  const isLost = activeTurn !== null && !turns.some(({ id }) => id === activeTurn)
  if (isLost && !active) {
    const turn = { id: activeTurn, status: 'interrupted' as const }
    facts.push({
      kind: 'turn-ended',
      threadId,
      turn: { ...turn, startedAt: null, completedAt: null, durationMs: null, error: null },
    })
  }
  return facts
}
