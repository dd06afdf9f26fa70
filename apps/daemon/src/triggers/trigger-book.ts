// Writes triggers and their occurrences, each change with its event in the commit of the caller:
//
//   planned -> fired     its message was handed over
//           -> skipped   the lane was busy after all, or Codex was not there
//           -> failed    it could not be handed over
//   skipped, missed      from the start
//
//   active  -> paused    by a person
//           -> disabled  its lane is gone, or it failed again and again
//           -> done      it has fired as often, or for as long, as it was to
import type { ErrorCode, RunReason } from '@dispatch/contract'
import type { Store, TriggerPatch, TriggerRow, TriggerRunRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventTx } from '../events/event-log.ts'
import type { Log } from '../log/log.ts'
import { decideAfterFailure } from './decide-fire.ts'
import { isTimed } from './definition.ts'

/** Writes them. */
export type TriggerBook = {
  /** Records an occurrence; false where the trigger has it already. */
  record(tx: EventTx, trigger: TriggerRow, run: TriggerRunRow): boolean
  fired(tx: EventTx, run: TriggerRunRow, laneId: string | null): void
  /** A planned one that is not acted on after all. */
  skipped(tx: EventTx, run: TriggerRunRow, why: { reason: RunReason; detail: string }): void
  failed(tx: EventTx, run: TriggerRunRow, why: { message: string; code: ErrorCode }): void
  disable(tx: EventTx, trigger: TriggerRow, reason: string): void
  /** Why nothing is left to fire for; null also where the last message may not fire after all. */
  endOf(trigger: TriggerRow, now: number): string | null
  /** Gives the trigger its end where it has come to it. */
  finish(trigger: TriggerRow): void
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** Why a trigger has nothing left to fire for; null where it has. */
export const endOf = ({ fires, spec, kind }: TriggerRow, now: number): string | null => {
  if (spec.maxFires !== null && fires >= spec.maxFires) {
    const most = fires > spec.maxFires ? `, of ${spec.maxFires} at most` : ''
    return `It has fired ${fires} ${fires === 1 ? 'time' : 'times'}${most}.`
  }
  if (spec.until !== null && now >= spec.until) return `It was to fire until ${iso(spec.until)}.`
  return kind === 'at' && spec.at !== null && now >= spec.at ? 'Its time has been.' : null
}

/** Whether it has fired, or is about to, as often as it was to. */
const isSpent = ({ fires, spec }: TriggerRow): boolean =>
  spec.maxFires !== null && fires >= spec.maxFires

/** Makes the book. */
export const makeTriggerBook = (options: { store: Store; clock: Clock; log: Log }): TriggerBook => {
  const { store, clock, log } = options

  const about = ({ id, name }: TriggerRow, run: TriggerRunRow): Record<string, unknown> => ({
    triggerId: id,
    name,
    runId: run.id,
    cause: run.cause,
    scheduledAt: iso(run.scheduledAt),
  })

  const change = (id: string, patch: TriggerPatch): void => {
    store.triggers.update(id, { ...patch, updatedAt: clock.now() })
  }

  const disable: TriggerBook['disable'] = (tx, { id, name, laneId, sourceId }, reason) => {
    if (store.triggers.get(id)?.state !== 'active') return
    change(id, { state: 'disabled', reason, nextAt: null, scheduledAt: null })
    const data = { triggerId: id, name, reason }
    tx.append({ threadId: laneId ?? sourceId, type: 'trigger.disabled', data })
    log.warn('trigger.disabled', { trigger: id })
  }

  const endNow: TriggerBook['endOf'] = (trigger, now) => {
    const isOpen = isSpent(trigger) && store.triggerRuns.hasPlanned(trigger.id)
    return endOf(isOpen ? { ...trigger, fires: 0 } : trigger, now)
  }

  const finish: TriggerBook['finish'] = (trigger) => {
    if (trigger.state !== 'active') return
    const reason = endNow(trigger, clock.now())
    if (reason === null) return
    // What it missed before its end is settled first; after that it has no time ahead, and ends by it.
    if (isTimed(trigger) && trigger.nextAt !== null && !isSpent(trigger)) return
    change(trigger.id, { state: 'done', reason, nextAt: null, scheduledAt: null })
  }

  // What was planned was counted; what did not fire is not.
  const uncount = (trigger: TriggerRow): TriggerPatch => ({
    fires: Math.max(0, trigger.fires - 1),
    lastFiredAt: store.triggerRuns.lastFired(trigger.id)?.firedAt ?? null,
  })

  const tellSkipped = (tx: EventTx, trigger: TriggerRow, run: TriggerRunRow): void => {
    const { reason, detail } = run
    const threadId = run.laneId ?? trigger.sourceId
    const data = { ...about(trigger, run), reason, detail }
    tx.append({ threadId, type: 'trigger.skipped', key: run.id, data })
  }

  const ofRun = (run: TriggerRunRow): TriggerRow | null => store.triggers.get(run.triggerId)

  return {
    record: (tx, trigger, run) => {
      if (!store.triggerRuns.insert(run)) return false
      if (run.outcome === 'planned') {
        const fires = trigger.fires + 1
        store.triggers.update(trigger.id, { fires, lastFiredAt: run.createdAt })
      } else tellSkipped(tx, trigger, run)
      return true
    },
    fired: (tx, run, laneId) => {
      const trigger = ofRun(run)
      if (!trigger) return
      const at = clock.now()
      const patch = { outcome: 'fired', text: null, firedAt: at, laneId } as const
      if (!store.triggerRuns.settle(run.id, patch)) return
      store.triggers.update(trigger.id, { failures: 0, backoffUntil: null, lastFiredAt: at })
      const data = { ...about(trigger, run), deliveryId: run.id }
      tx.append({ threadId: laneId, type: 'trigger.fired', key: run.id, data })
      finish({ ...trigger, lastFiredAt: at })
    },
    skipped: (tx, run, { reason, detail }) => {
      const trigger = ofRun(run)
      if (!trigger) return
      const patch = { outcome: 'skipped', text: null, reason, detail } as const
      if (!store.triggerRuns.settle(run.id, patch)) return
      store.triggers.update(trigger.id, uncount(trigger))
      tellSkipped(tx, trigger, { ...run, reason, detail })
      finish({ ...trigger, fires: trigger.fires - 1 })
    },
    failed: (tx, run, { message, code }) => {
      const trigger = ofRun(run)
      if (!trigger) return
      const why = { reason: 'error', detail: message, code } as const
      if (!store.triggerRuns.settle(run.id, { outcome: 'failed', text: null, ...why })) return
      const data = { ...about(trigger, run), reason: 'error', detail: message }
      const threadId = run.laneId ?? trigger.sourceId
      tx.append({ threadId, type: 'trigger.failed', key: run.id, data })
      const after = decideAfterFailure(trigger, { message, now: clock.now() })
      const { failures } = after
      const backoffUntil = after.do === 'rest' ? after.until : null
      store.triggers.update(trigger.id, { ...uncount(trigger), failures, backoffUntil })
      if (after.do === 'disable') disable(tx, trigger, after.reason)
      else finish({ ...trigger, fires: trigger.fires - 1 })
    },
    disable,
    endOf: endNow,
    finish,
  }
}
