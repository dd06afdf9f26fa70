// The ops below `delivery`: receipts, and what a person decides where dispatch cannot.
import {
  type DaemonServices,
  type DeliveryListInput,
  type DeliveryMode,
  DispatchError,
} from '@dispatch/contract'
import type { DeliveryRow, LaneRow } from '@dispatch/store'
import { type AuditNote, textToShape } from '../audit/audit.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import { decideEnqueue, decideRoom, isUndecided, refusalToError } from './decide.ts'
import { elsewhereError, findDelivery, lookForDelivery } from './find-delivery.ts'
import { messageToRow } from './message.ts'
import type { QueueServiceOptions } from './queue-service.ts'
import { isPaused } from './pause.ts'
import { rowToRecord } from './queue-view.ts'
import type { Reconciliation } from './reconciliation.ts'
import { msToIso } from '../clock/instant.ts'

export type DeliveryServiceOptions = QueueServiceOptions & {
  link: Pick<CodexLink, 'client'>
  changes: LaneChanges
  reconciliation: Reconciliation
}

const LIST_LIMIT = 50
/** After this long the answer is the state so far. */
const ACCEPTED_MS = 10_000

const cursorOf = ({ createdAt, id }: DeliveryRow): string => `${createdAt}.${id}`

const beforeOf = ({ cursor }: DeliveryListInput) => {
  if (cursor === undefined) return null
  const [, at, id] = /^(\d{1,16})\.(.+)$/.exec(cursor) ?? []
  if (at !== undefined && id !== undefined) return { createdAt: Number(at), id }
  throw new DispatchError('validation', 'That is no cursor of the deliveries.', {
    hint: 'dispatch delivery list',
  })
}

// What was to go into a turn that is over has one of its own.
const modeAgain = (mode: DeliveryMode): DeliveryMode => (mode === 'context' ? mode : 'queue')

/** Makes the ops. */
export const makeDeliveryService = (
  options: DeliveryServiceOptions,
): DaemonServices['delivery'] => {
  const { store, clock, events, audit, workers, deliveries, runner, touched, find, link, changes } =
    options

  const current = (row: DeliveryRow): DeliveryRow => store.deliveries.get(row.id) ?? row

  const laneOf = ({ threadId }: DeliveryRow): LaneRow => {
    const lane = store.lanes.get(threadId)
    if (!lane) throw new DispatchError('not_found', 'The lane is gone.')
    return lane
  }

  const tell = (note: AuditNote, row: DeliveryRow): void => {
    note.lane(laneOf(row))
    note.detail({ delivery: row.id })
  }

  const textOf = (row: DeliveryRow, given: string | undefined): string => {
    const text = given ?? row.text
    if (text !== '') return text
    throw new DispatchError(
      'validation',
      `The registry has the text of ${row.id} no more: it is ${row.state}.`,
      { hint: `dispatch delivery retry ${row.id} --text "..."` },
    )
  }

  const refuseRetry = (row: DeliveryRow): void => {
    const { ref } = laneOf(row)
    if (row.state === 'queued') throw elsewhereError(row, `dispatch queue resume ${ref}`)
    if (row.state === 'submitting') throw elsewhereError(row)
    if (row.state === 'accepted' && row.outcome === 'running') {
      throw elsewhereError(row, `dispatch wait ${ref}`)
    }
    const by = store.deliveries.retryOf(row.id)
    if (!by) return
    throw new DispatchError('conflict', `Message ${row.id} was sent again as ${by.id}.`, {
      hint: `dispatch delivery get ${by.id}`,
      details: { delivery: by.id },
    })
  }

  // A person sends it again: what its failure held goes on, what a person held does not.
  const releaseHold = (row: DeliveryRow): void => {
    const lane = laneOf(row)
    if (lane.held && !isPaused(lane)) store.lanes.update(row.threadId, { held: false })
  }

  const again = async (row: DeliveryRow, text: string, call: { id: string; caller: string }) => {
    const { threadId, overrides } = row
    const lane = laneOf(row)
    const mode = modeAgain(row.mode)
    const message = { id: call.id, threadId, mode, text, overrides, actor: call.caller }
    const made = messageToRow({ ...message, retryOf: row.id }, { at: clock.now() })
    const refusal =
      decideEnqueue(lane, mode, []) ??
      decideRoom(lane, made.textLength, store.deliveries.unsettled(threadId))
    if (refusal) throw refusalToError(refusal, lane)
    events.commit(
      (tx) => {
        if (row.state === 'ambiguous') deliveries.takenBack(tx, row, 'discarded')
        deliveries.queued(tx, made, 'first')
        releaseHold(row)
      },
      { durable: true },
    )
    touched([threadId])
    await runner.run(threadId)
    return current(made)
  }

  const handedOver = async ({ id, threadId }: DeliveryRow, signal: AbortSignal): Promise<void> => {
    const isOver = (): boolean => store.deliveries.get(id)?.state !== 'submitting'
    await changes.until([threadId], isOver, { signal, timeoutMs: ACCEPTED_MS })
  }

  const targetsOf = (target: string): { threadId: string; rows: DeliveryRow[] } => {
    const row = lookForDelivery(store, target)
    if (row) return { threadId: row.threadId, rows: [row] }
    const { threadId } = find.reading(target)
    const undecided = store.deliveries.unsettled(threadId).filter(isUndecided)
    return { threadId, rows: undecided.flatMap(({ id }) => store.deliveries.get(id) ?? []) }
  }

  const answer = (row: DeliveryRow, notes: string[]) => ({ ...rowToRecord(store, row), notes })

  return {
    get: (input) => {
      const row = findDelivery(store, input.delivery)
      return {
        ...rowToRecord(store, row),
        actor: row.actor,
        overrides: row.overrides,
        submittedAt: msToIso(row.submittedAt),
        completedAt: msToIso(row.completedAt),
        attempt: row.attempt,
        retriedBy: store.deliveries.retryOf(row.id)?.id ?? null,
        textKept: row.text !== '',
      }
    },

    list: (input) => {
      const limit = input.limit ?? LIST_LIMIT
      const rows = store.deliveries.list({
        threadId: input.lane === undefined ? null : find.reading(input.lane).threadId,
        state: input.state ?? null,
        limit: limit + 1,
        before: beforeOf(input),
      })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return {
        deliveries: page.map((row) => rowToRecord(store, row)),
        nextCursor: rows.length > limit && last ? cursorOf(last) : null,
      }
    },

    reconcile: (input, call) =>
      audit.run('delivery.reconcile', call, async (note) => {
        const { threadId, rows } = targetsOf(input.target)
        const lane = store.lanes.get(threadId)
        if (lane) note.lane(lane)
        const open = rows.filter(isUndecided)
        if (open.length > 0) {
          await link.client(call.signal)
          const how = { load: true, undecided: true }
          await workers.run(threadId, () => options.reconciliation.reconcile(threadId, how))
        }
        const now = rows.map(current)
        note.detail({ deliveries: now.length })
        const left = now.filter(({ state }) => state === 'ambiguous')
        return {
          deliveries: now.map((row) => rowToRecord(store, row)),
          notes: left.map(
            ({ id }) =>
              `Nothing can tell of ${id}: dispatch delivery retry ${id}, or dispatch delivery discard ${id} --yes`,
          ),
        }
      }),

    retry: (input, call) =>
      audit.run('delivery.retry', call, async (note) => {
        const row = findDelivery(store, input.delivery)
        tell(note, row)
        const known = store.deliveries.get(call.id)
        if (known?.retryOf === row.id) return answer(known, [])
        const made = await workers.run(row.threadId, async () => {
          const now = current(row)
          refuseRetry(now)
          const text = textOf(now, input.text)
          note.detail(textToShape(text))
          return await again(now, text, call)
        })
        await handedOver(made, call.signal)
        return answer(current(made), laneOf(made).held ? ['Its lane is paused: it waits.'] : [])
      }),

    discard: (input, call) =>
      audit.run('delivery.discard', call, async (note) => {
        const row = findDelivery(store, input.delivery)
        tell(note, row)
        // After a judgement that is being made: what it finds comes first.
        await workers.run(row.threadId, () => {
          const now = current(row)
          if (now.state !== 'ambiguous') {
            const hint =
              now.state === 'queued' ? `dispatch queue cancel ${now.id} --yes` : undefined
            throw elsewhereError(now, hint)
          }
          events.commit((tx) => deliveries.takenBack(tx, now, 'discarded'), { durable: true })
          touched([row.threadId])
        })
        return answer(current(row), ['Codex may have it: read the lane to see whether it does.'])
      }),
  }
}
