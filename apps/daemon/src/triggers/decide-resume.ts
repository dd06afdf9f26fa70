// Whether a trigger may fire again that was paused, disabled or done. Pure.
import { DispatchError } from '@dispatch/contract'
import type { LaneRow, TriggerRow } from '@dispatch/store'
import { unusableOf } from './decide-fire.ts'
import { commandToUse } from './definition.ts'
import { endOf } from './trigger-book.ts'

type Around = { lane: LaneRow | null; source: LaneRow | null; now: number }

/** Throws `validation` that says what to do first. */
export const decideResume = (row: TriggerRow, { lane, source, now }: Around): void => {
  const reasons = [
    row.action === 'new' ? null : unusableOf(lane),
    row.sourceId === null ? null : unusableOf(source),
  ]
  const reason = reasons.find((one) => one !== null)
  if (reason !== undefined && reason !== null) {
    const usable = row.action === 'new' || unusableOf(lane) === null
    const first = usable ? source : lane
    const hint = first ? commandToUse(first) : `dispatch trigger rm ${row.id} --yes`
    throw new DispatchError('validation', reason, { hint })
  }
  const end = endOf(row, now)
  if (end === null) return
  throw new DispatchError('validation', `It has nothing left to fire for. ${end}`, {
    hint: `dispatch trigger edit ${row.id} --unset max-fires --unset until`,
  })
}
