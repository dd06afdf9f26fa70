// Fills up from Codex's history what nobody listened to: turns and items since the last turn that is
// known to have ended, as the facts that would have come. Natural keys keep each event single.
import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow, Store } from '@dispatch/store'
import type { Fact, TurnFact } from '../codex/fact.ts'
import type { HistoryItem, HistoryReader, Page } from '../codex/history-reader.ts'

/** What loading a lane told of it. */
export type Loaded = {
  /** Whether a turn runs. */
  active: boolean
  /** The newest turns, newest first. */
  turns: Page<TurnFact>
}

/** Gives the facts that a lane missed, oldest first. */
export type MissedFacts = (client: CodexClient, lane: LaneRow, loaded: Loaded) => Promise<Fact[]>

const ITEMS_PAGE = 100

const turnFacts = (threadId: string, turn: TurnFact, items: HistoryItem[]): Fact[] => [
  { kind: 'turn-started', threadId, turn },
  ...items.map(({ turnId, ...item }): Fact => ({ kind: 'item-completed', threadId, turnId, item })),
]

/** The end of a turn of which nothing more can come. */
export const turnToCut = (threadId: string, id: string): Fact => ({
  kind: 'turn-ended',
  threadId,
  turn: {
    id,
    status: 'interrupted',
    startedAt: null,
    completedAt: null,
    durationMs: null,
    error: null,
  },
})

/** Makes the filling up. */
export const makeMissedFacts = (options: { store: Store; history: HistoryReader }): MissedFacts => {
  const { store, history } = options

  const isKnown = (lane: LaneRow, turn: TurnFact): boolean => {
    const row = store.turns.get(lane.threadId, turn.id)
    return row !== null && row.status !== 'started'
  }

  // Newest first from Codex; oldest first for us.
  const missingTurns = async (client: CodexClient, lane: LaneRow, first: Page<TurnFact>) => {
    const missing: TurnFact[] = []
    for (let page = first; ;) {
      for (const turn of page.data) {
        if (isKnown(lane, turn)) return missing.toReversed()
        missing.push(turn)
      }
      if (page.nextCursor === null) return missing.toReversed()
      page = await history.turns(client, lane.threadId, page.nextCursor)
    }
  }

  const itemsOf = async (client: CodexClient, threadId: string, turnId: string) => {
    const items: HistoryItem[] = []
    let cursor: string | null = null
    do {
      const query = { threadId, turnId, cursor, limit: ITEMS_PAGE, order: 'asc' as const }
      const page: Page<HistoryItem> = await history.items(client, query)
      items.push(...page.data)
      cursor = page.nextCursor
    } while (cursor !== null)
    return items
  }

  return async (client, lane, { active, turns: newest }) => {
    const { threadId, activeTurnId } = lane
    const turns = await missingTurns(client, lane, newest)
    const facts: Fact[] = []
    for (const turn of turns) {
      facts.push(...turnFacts(threadId, turn, await itemsOf(client, threadId, turn.id)))
      // Only the newest turn of a thread can run; an older one that never ended was cut.
      const runs = active && turn.status === 'started' && turn === turns.at(-1)
      if (!runs) facts.push({ kind: 'turn-ended', threadId, turn })
    }
    const isInHistory = turns.some(({ id }) => id === activeTurnId)
    if (activeTurnId !== null && !isInHistory && !active)
      facts.push(turnToCut(threadId, activeTurnId))
    return facts
  }
}
