// Fills up from Codex's history what nobody listened to: turns and items since the last turn that is
// known to have ended, as the facts that would have come. Natural keys keep each event single.
// Judges which turns were cut: those without an end in a history that was read after the subscription,
// of a thread that did not run before, where nothing of the turn has come meanwhile.
import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow, Store } from '@dispatch/store'
import type { Fact, TurnFact } from '../codex/fact.ts'
import type { HistoryItem, HistoryReader, Page } from '../codex/history-reader.ts'
import type { ThreadReader } from '../codex/thread-reader.ts'
import { hasEnd, isJudgedCut, turnToCut } from './cut.ts'

/** What loading a lane told of it. */
export type Loaded = {
  /** Whether a turn runs. */
  active: boolean
  /** The newest turns, newest first. */
  turns: Page<TurnFact>
  /** Whether a start or an end of that turn has come since, and is written after what was missed. */
  tellsOf: (turnId: string) => boolean
}

/** Gives the facts that a lane missed, oldest first. */
export type MissedFacts = (client: CodexClient, lane: LaneRow, loaded: Loaded) => Promise<Fact[]>

/** How the thread stands, and what was missed of it, oldest first. */
type Missing = { active: boolean; turns: TurnFact[] }

const ITEMS_PAGE = 100

const turnFacts = (threadId: string, turn: TurnFact, items: HistoryItem[]): Fact[] => [
  { kind: 'turn-started', threadId, turn },
  ...items.map(({ turnId, ...item }): Fact => ({ kind: 'item-completed', threadId, turnId, item })),
]

/** Makes the filling up. */
export const makeMissedFacts = (options: {
  store: Store
  history: HistoryReader
  threads: Pick<ThreadReader, 'read'>
}): MissedFacts => {
  const { store, history, threads } = options

  const isKnown = (lane: LaneRow, turn: TurnFact): boolean => {
    const row = store.turns.get(lane.threadId, turn.id)
    if (row === null || row.status === 'started') return false
    return !(isJudgedCut(row) && hasEnd(turn))
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

  const isClear = ({ activeTurnId }: LaneRow, turns: readonly TurnFact[]): boolean =>
    turns.every(hasEnd) && (activeTurnId === null || turns.some(({ id }) => id === activeTurnId))

  // Codex reads the page before it subscribes us: an end between the two is told to nobody, and the
  // thread is idle beside a turn without an end. It writes an end down before it calls the thread
  // idle, so how the thread stands is asked first.
  const readMissing = async (
    client: CodexClient,
    lane: LaneRow,
    { active, turns: newest }: Loaded,
  ): Promise<Missing> => {
    const turns = await missingTurns(client, lane, newest)
    if (isClear(lane, turns)) return { active, turns }
    const thread = await threads.read(client, lane.threadId)
    const isActive = thread?.standing === 'busy' || thread?.standing === 'waiting_approval'
    const page = await history.turns(client, lane.threadId, null)
    return { active: isActive, turns: await missingTurns(client, lane, page) }
  }

  return async (client, lane, loaded) => {
    const { threadId, activeTurnId } = lane
    const { active, turns } = await readMissing(client, lane, loaded)
    const facts: Fact[] = []
    for (const turn of turns) {
      facts.push(...turnFacts(threadId, turn, await itemsOf(client, threadId, turn.id)))
      // Only the newest turn of a thread can run; an older one that never ended was cut.
      const mayRun = (active && turn === turns.at(-1)) || loaded.tellsOf(turn.id)
      if (hasEnd(turn) || !mayRun) facts.push({ kind: 'turn-ended', threadId, turn })
    }
    const isInHistory = turns.some(({ id }) => id === activeTurnId)
    if (activeTurnId !== null && !isInHistory && !active && !loaded.tellsOf(activeTurnId)) {
      facts.push(turnToCut(threadId, activeTurnId))
    }
    return facts
  }
}
