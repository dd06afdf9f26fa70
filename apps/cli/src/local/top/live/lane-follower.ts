// Follows the one lane that is open: what it is, its history, and the text that streams. Another lane
// ends the one before.
import type { DispatchClient } from '@dispatch/client'
import type { DispatchEvent, TailEvent } from '@dispatch/contract'
import { asText } from '../../../output/cell.ts'
import type { Change } from '../model/change.ts'
import { readOne } from './reading.ts'

/** The follower. */
export type LaneFollower = AsyncDisposable & {
  /** Follows that lane in place of the one before; null for none. */
  follow(laneId: string | null): void
}

type Options = { api: DispatchClient['api']; change: (change: Change) => void }

/** Items of the past that one begins with. */
const PAST = 100

const tailToChange = (laneId: string, event: TailEvent): Change[] => {
  if (event.kind === 'item') return [{ kind: 'item', laneId, item: event.item }]
  const { turnId, message } = event
  if (event.kind === 'retry') {
    const live = { id: `retry ${turnId}`, type: 'tries again', text: `${message}\n` }
    return [{ kind: 'live', laneId, live }]
  }
  const end = {
    ...{ id: turnId, turnId, type: 'turn', text: message ?? '', status: event.status },
    ...{ startedAt: null, completedAt: null },
  }
  const item: Change[] = event.status === 'completed' ? [] : [{ kind: 'item', laneId, item: end }]
  return [{ kind: 'settled', laneId }, ...item]
}

const eventToLive = (laneId: string, { type, data }: DispatchEvent): Change => {
  const isDelta = type === 'item.delta'
  const text = asText(data['text'])
  return {
    kind: 'live',
    laneId,
    live: {
      id: asText(data[isDelta ? 'itemId' : 'id']),
      type: asText(data[isDelta ? 'stream' : 'type']),
      // The output of a command begins below it.
      text: data['type'] === 'commandExecution' ? `${text}\n` : text,
    },
  }
}

/** Makes a follower of nothing. */
export const makeLaneFollower = ({ api, change }: Options): LaneFollower => {
  let leaving = new AbortController()
  let following: Promise<unknown> = Promise.resolve()

  const history = async (laneId: string, signal: AbortSignal): Promise<void> => {
    const tail = api.tailFollow({ lane: laneId, limit: PAST }, { signal, autostart: false })
    for await (const { data } of tail) {
      for (const one of tailToChange(laneId, data)) change(one)
    }
  }

  const stream = async (laneId: string, signal: AbortSignal): Promise<void> => {
    const input = { lanes: [laneId], types: ['item.started' as const, 'item.delta' as const] }
    for await (const { data } of api.watchFollow(input, { signal, autostart: false })) {
      change(eventToLive(laneId, data))
    }
  }

  const start = async (laneId: string, signal: AbortSignal): Promise<void> => {
    try {
      await Promise.all([
        readOne(laneId, { api, signal, change }),
        history(laneId, signal),
        stream(laneId, signal),
      ])
    } catch (error) {
      if (signal.aborted) return
      change({ kind: 'lane-error', laneId, error: error instanceof Error ? error.message : '' })
    }
  }

  return {
    follow(laneId) {
      leaving.abort()
      leaving = new AbortController()
      if (laneId !== null) following = start(laneId, leaving.signal)
    },
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await following
    },
  }
}
