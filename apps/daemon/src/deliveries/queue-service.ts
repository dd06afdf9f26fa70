// The ops below `queue`. What they change, they look at and write in one step, without a wait between:
// so a message that has left its queue meanwhile is never touched.
import { type DaemonServices, DispatchError, type QueueMoveInput } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import { type Audit, type AuditNote, textToShape } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import type { EventLog, EventTx } from '../events/event-log.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import { decideRoom, decideWritable, refusalToError } from './decide.ts'
import type { DeliveryWriter } from './delivery-writer.ts'
import { findWaiting } from './find-delivery.ts'
import type { QueueRunner } from './queue-runner.ts'
import { isPaused } from './pause.ts'
import { laneToQueue, rowToQueueDetail, rowToQueued } from './queue-view.ts'
import { rowToReceipt } from './receipt.ts'

export type QueueServiceOptions = {
  store: Store
  clock: Clock
  events: EventLog
  audit: Audit
  workers: LaneWorkers
  deliveries: DeliveryWriter
  runner: Pick<QueueRunner, 'run' | 'wake'>
  touched: (threadIds: Iterable<string>) => void
  /** The lane of a selector: for reading, or for what writes turns. */
  find: { reading(selector: string): LaneRow; writing(selector: string): LaneRow }
}

const cancelAll = ({ ref }: LaneRow): string => `dispatch queue cancel ${ref} --all`

const LIST_LIMIT = 200

const rest = ['first', 'last', 'before', 'after'] as const

const placeOf = (input: QueueMoveInput): (typeof rest)[number] => {
  const given = rest.filter((name) => input[name] !== undefined && input[name] !== false)
  const [place] = given
  if (place && given.length === 1) return place
  throw new DispatchError('validation', 'Give one of --first, --last, --before and --after.', {
    hint: `dispatch queue move ${input.message} --first`,
  })
}

/** Makes the ops. */
export const makeQueueService = (options: QueueServiceOptions): DaemonServices['queue'] => {
  const { store, clock, events, audit, workers, deliveries, runner, touched, find } = options

  const laneOf = ({ threadId }: Pick<LaneRow, 'threadId'>): LaneRow => {
    const lane = store.lanes.get(threadId)
    if (!lane) throw new DispatchError('not_found', 'The lane is gone.')
    return lane
  }

  const changed = (
    tx: EventTx,
    type: 'queue.paused' | 'queue.resumed',
    { threadId }: LaneRow,
  ): void => {
    const waiting = store.deliveries.queue(threadId).length
    tx.append({ threadId, type, data: { waiting } })
  }

  const tell = (note: AuditNote, row: DeliveryRow): void => {
    note.lane(laneOf(row))
    note.detail({ delivery: row.id })
  }

  const detail = (id: string) => {
    const row = store.deliveries.get(id)
    if (!row) throw new DispatchError('not_found', `There is no delivery ${id}.`)
    return rowToQueueDetail(store, row, clock.now())
  }

  const change = (row: DeliveryRow, write: () => void): void => {
    events.commit(write, { durable: true })
    touched([row.threadId])
    runner.wake(row.threadId)
  }

  // A shorter text is taken also where the queue is over its bounds.
  const refuseGrowth = (row: DeliveryRow, textLength: number): void => {
    if (textLength <= row.textLength) return
    const lane = laneOf(row)
    const others = store.deliveries.unsettled(row.threadId).filter(({ id }) => id !== row.id)
    const refusal = decideRoom(lane, textLength, others)
    if (refusal) throw refusalToError(refusal, lane)
  }

  const orderOf = (row: DeliveryRow, input: QueueMoveInput): string[] => {
    const place = placeOf(input)
    const others = store.deliveries
      .queue(row.threadId)
      .flatMap(({ id }) => (id === row.id ? [] : [id]))
    if (place === 'first') return [row.id, ...others]
    if (place === 'last') return [...others, row.id]
    const mark = findWaiting(store, input[place] ?? '')
    const at = others.indexOf(mark.id)
    if (at < 0) {
      throw new DispatchError(
        'validation',
        mark.id === row.id
          ? 'A message cannot be moved beside itself.'
          : 'The two messages wait for different lanes.',
        { hint: `dispatch queue list ${laneOf(row).ref}` },
      )
    }
    return others.toSpliced(place === 'before' ? at : at + 1, 0, row.id)
  }

  const writable = (selector: string): LaneRow => {
    const lane = find.writing(selector)
    const refusal = decideWritable(lane)
    if (refusal) throw refusalToError(refusal, lane)
    if (!lane.ephemeral) return lane
    throw new DispatchError('validation', `${lane.handle} is ephemeral: it has no queue.`, {
      hint: `dispatch send ${lane.ref} ...`,
    })
  }

  const answer = (lane: LaneRow, notes: string[]) => {
    const now = laneOf(lane)
    return { ...rowToIdentity(now), queue: laneToQueue(store, now), notes }
  }

  const notesAfterResume = (lane: LaneRow): string[] => {
    const isAmbiguous = store.deliveries
      .unsettled(lane.threadId)
      .some(({ state }) => state === 'ambiguous')
    return isAmbiguous
      ? [
          `A message cannot be judged, and nothing starts before it is decided: dispatch delivery list --lane ${lane.ref} --state ambiguous`,
        ]
      : []
  }

  return {
    list: (input) => {
      const now = clock.now()
      const asked = input.lane === undefined ? null : find.reading(input.lane)
      const heads = store.deliveries.unsettled(asked?.threadId)
      const rows = heads.flatMap(({ id }) => store.deliveries.get(id) ?? [])
      const byLane = Map.groupBy(rows, ({ threadId }) => threadId)
      const lanes = asked ? [asked] : [...byLane.keys()].map((threadId) => laneOf({ threadId }))
      const messages = lanes.flatMap((lane) => {
        let position = 0
        return (byLane.get(lane.threadId) ?? []).map((row) => {
          if (row.state === 'queued') position += 1
          return rowToQueued(row, lane, { position: row.state === 'queued' ? position : null, now })
        })
      })
      return {
        lanes: lanes.map((lane) => ({ ...rowToIdentity(lane), queue: laneToQueue(store, lane) })),
        messages: messages.slice(0, input.limit ?? LIST_LIMIT),
        total: messages.length,
      }
    },

    get: (input) => detail(findWaiting(store, input.message).id),

    edit: (input, call) =>
      audit.run('queue.edit', call, async (note) => {
        const shape = textToShape(input.text)
        note.detail(shape)
        const row = findWaiting(store, input.message)
        tell(note, row)
        refuseGrowth(row, shape.textLength)
        // Its hash stays that of what its sender asked for: the same call again is the same message.
        const { textLength } = shape
        change(row, () => void store.deliveries.update(row.id, { text: input.text, textLength }))
        return detail(row.id)
      }),

    move: (input, call) =>
      audit.run('queue.move', call, async (note) => {
        const row = findWaiting(store, input.message)
        tell(note, row)
        const order = orderOf(row, input)
        change(row, () => store.deliveries.order(order))
        return detail(row.id)
      }),

    cancel: (input, call) =>
      audit.run('queue.cancel', call, async (note) => {
        const rows = input.all
          ? store.deliveries.queue(find.reading(input.target).threadId)
          : [findWaiting(store, input.target, cancelAll)]
        const [first] = rows
        if (first) tell(note, first)
        note.detail({ cancelled: rows.length })
        events.commit(
          (tx) => {
            for (const row of rows) deliveries.takenBack(tx, row, 'cancelled')
          },
          { durable: true },
        )
        touched(rows.map(({ threadId }) => threadId))
        return {
          cancelled: rows.map((row) => rowToReceipt(store.deliveries.get(row.id) ?? row)),
        }
      }),

    pause: (input, call) =>
      audit.run('queue.pause', call, async (note) => {
        const lane = writable(input.lane)
        note.lane(lane)
        const hold = { held: true, heldFor: 'person', updatedAt: clock.now() } as const
        events.commit(
          (tx) => {
            store.lanes.update(lane.threadId, hold)
            if (!isPaused(lane)) changed(tx, 'queue.paused', lane)
          },
          { durable: true },
        )
        touched([lane.threadId])
        const goesOn = laneOf(lane).activeTurnId !== null
        return answer(
          lane,
          goesOn ? [`The turn that runs goes on: dispatch stop ${lane.ref} ends it.`] : [],
        )
      }),

    resume: (input, call) =>
      audit.run('queue.resume', call, async (note) => {
        const lane = writable(input.lane)
        note.lane(lane)
        const { threadId } = lane
        events.commit(
          (tx) => {
            store.lanes.update(threadId, { held: false, heldFor: null, updatedAt: clock.now() })
            if (lane.held) changed(tx, 'queue.resumed', lane)
            // Who says "now" does not wait for the next try.
            for (const { id, notBefore } of store.deliveries.queue(threadId)) {
              if (notBefore !== null) store.deliveries.update(id, { notBefore: null })
            }
          },
          { durable: true },
        )
        touched([threadId])
        await workers.run(threadId, () => runner.run(threadId))
        return answer(lane, notesAfterResume(lane))
      }),
  }
}
