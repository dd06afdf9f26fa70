// last: the final message of the newest completed turn that has one. What dispatch saw and Codex's
// history are compared by the turn's id, which ascends: of an attached lane, or one that went on
// elsewhere, only Codex knows; while Codex is away, what dispatch saw must do.
import type { CodexClient } from '@dispatch/codex-client'
import { type Call, DispatchError, type LastResult } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { TurnFact } from '../codex/fact.ts'
import type { HistoryReader } from '../codex/history-reader.ts'
import { rowToIdentity, turnFactToTurn, turnOf } from '../lanes/lane-view.ts'
import { messageToJson } from './message-json.ts'

/** What it needs. */
export type LastOptions = { store: Store; link: CodexLink; history: HistoryReader }

type Said = Pick<LastResult, 'message' | 'turn' | 'origin'>

/** Turns without a message (compactions) that are passed over at most. */
const TURNS_MAX = 20
const ITEMS_PAGE = 100

/** Makes the op. */
export const makeLast = ({ store, link, history }: LastOptions) => {
  const fromRegistry = ({ threadId, lastMessage, latestTurnId }: LaneRow): Said | null => {
    const said = store.turns.lastSaid(threadId)
    if (said) {
      const turn = turnOf(store, threadId, said.turnId)
      return { message: said.text, turn, origin: 'registry' }
    }
    // A fork has the message of the lane that it comes from, and none of its items.
    if (lastMessage === null) return null
    const turn = turnOf(store, threadId, latestTurnId)
    const completed = turn?.status === 'completed' ? turn : null
    return { message: lastMessage, turn: completed, origin: 'registry' }
  }

  const messageOf = async (client: CodexClient, threadId: string, turnId: string) => {
    for (let cursor: string | null = null; ;) {
      const query = { threadId, turnId, cursor, limit: ITEMS_PAGE, order: 'desc' as const }
      const page = await history.items(client, query)
      const item = page.data.find(({ type }) => type === 'agentMessage')
      if (item) return item.text
      if (page.nextCursor === null) return null
      cursor = page.nextCursor
    }
  }

  /** What Codex has that is newer than that turn. */
  const fromCodex = async (client: CodexClient, threadId: string, after: string | null) => {
    const { data } = await history.turns(client, threadId, null)
    const isNews = ({ id, status }: TurnFact): boolean =>
      status === 'completed' && (after === null || id > after)
    for (const turn of data.filter(isNews).slice(0, TURNS_MAX)) {
      const message = await messageOf(client, threadId, turn.id)
      if (message !== null) return { message, turn: turnFactToTurn(turn), origin: 'codex' as const }
    }
    return null
  }

  const nothing = (lane: LaneRow, connected: boolean): DispatchError => {
    if (lane.source === 'attached' && !connected) {
      return new DispatchError(
        'app_server',
        `Codex is away, and it alone has the messages of ${lane.handle}, an attached lane.`,
        { hint: 'dispatch daemon status' },
      )
    }
    const { activeTurnId, ref, handle } = lane
    return new DispatchError('not_found', `${handle} has no completed turn with a message yet.`, {
      hint: activeTurnId === null ? `dispatch get ${ref}` : `dispatch wait ${ref}`,
    })
  }

  const isJsonAsked = (lane: LaneRow, turnId: string | null): boolean => {
    const deliveryId = turnId === null ? null : store.turns.get(lane.threadId, turnId)?.deliveryId
    const overrides = deliveryId ? store.deliveries.get(deliveryId)?.overrides : undefined
    return (overrides?.outputSchema ?? lane.settings.outputSchema) !== undefined
  }

  const find = async (lane: LaneRow, { signal }: Call): Promise<Said> => {
    const known = fromRegistry(lane)
    const client = lane.ephemeral ? null : link.current()
    try {
      const newer = client && (await fromCodex(client, lane.threadId, known?.turn?.id ?? null))
      signal.throwIfAborted()
      const said = newer ?? known
      if (said) return said
    } catch (error) {
      signal.throwIfAborted()
      // Codex has no history of a thread before its first message.
      if (known) return known
      if (lane.source === 'attached') throw codexFailureToError(error)
    }
    throw nothing(lane, client !== null)
  }

  return async (lane: LaneRow, call: Call): Promise<LastResult> => {
    const said = await find(lane, call)
    return {
      ...rowToIdentity(store.lanes.get(lane.threadId) ?? lane),
      ...said,
      json: isJsonAsked(lane, said.turn?.id ?? null) ? messageToJson(said.message) : null,
    }
  }
}
