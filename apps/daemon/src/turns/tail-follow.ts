// tail --follow: the past first, then every item that completes. The cursor is taken before the past
// is read and items that were shown are left out after, so nothing is missed or shown twice.
import type {
  Call,
  DispatchEvent,
  EventStream,
  TailEvent,
  TailFollowInput,
  TailInput,
  TailResult,
  TranscriptItem,
  Turn,
} from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import type { EventLog } from '../events/event-log.ts'
import { TURN_END, turnToReason } from './turn-ends.ts'

const endings = {
  'turn.completed': 'completed',
  'turn.failed': 'failed',
  'turn.interrupted': 'interrupted',
} as const

const isEnding = (type: string): type is keyof typeof endings => Object.hasOwn(endings, type)

const eventToTail = ({ type, data }: DispatchEvent): TailEvent | null => {
  // The data of item.completed is the item: project.ts makes it so.
  if (type === 'item.completed') return { kind: 'item', item: data as TranscriptItem }
  if (type === 'turn.retrying')
    return { kind: 'retry', turnId: String(data.turnId), message: String(data.message) }
  if (!isEnding(type)) return null
  const { error = null, reason = null } = data as Partial<Pick<Turn, 'error' | 'reason'>>
  return {
    kind: 'turn',
    turnId: String(data.turnId),
    status: endings[type],
    message: turnToReason({ error, reason }),
  }
}

// The end of a turn in the past is told as one that comes.
const itemToTail = (item: TranscriptItem): TailEvent =>
  item.type === TURN_END && (item.status === 'failed' || item.status === 'interrupted')
    ? { kind: 'turn', turnId: item.id, status: item.status, message: item.text || null }
    : { kind: 'item', item }

type ReadTail = (lane: LaneRow, input: TailInput) => Promise<TailResult>

/** The past of a lane, then its present, for ever. */
export async function* followTail(
  options: { events: EventLog; tail: ReadTail },
  lane: LaneRow,
  request: { input: TailFollowInput; call: Call },
): EventStream<TailEvent> {
  const { events, tail } = options
  const { input, call } = request
  const from = call.after ?? events.lastCursor()
  const shown = new Set<string>()
  if (call.after === null) {
    const past = await tail(lane, { lane: lane.ref, limit: input.limit, types: input.types })
    for (const item of past.items) {
      shown.add(`${item.turnId}/${item.id}`)
      yield { cursor: null, data: itemToTail(item) }
    }
    yield { cursor: from, data: null }
  }
  const live = events.follow({
    after: from,
    threadIds: [lane.threadId],
    types: ['item.completed', 'turn.completed', 'turn.failed', 'turn.interrupted', 'turn.retrying'],
    live: true,
    signal: call.signal,
  })
  for await (const { cursor, data } of live) {
    const event = eventToTail(data)
    if (!event) continue
    if (event.kind === 'turn' && shown.delete(`${event.turnId}/${event.turnId}`)) continue
    if (event.kind === 'item') {
      if (input.types && !input.types.includes(event.item.type)) continue
      if (shown.delete(`${event.item.turnId}/${event.item.id}`)) continue
    }
    yield { cursor, data: event }
  }
}
