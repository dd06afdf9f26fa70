// What a lane's queue does next: pure. By rank, then in the order of the queue:
//
//   interject   starts as soon as no turn runs, held or not; a turn that runs is interrupted for it
//   context     as soon as no turn runs, held or not: the model sees it with the next turn
//   queue       as soon as no turn runs and the lane is not held; one that is tried again, at its time
//
// Nothing starts while a message is on its way, or while it cannot be told whether Codex has one.
import type { DeliveryMode } from '@dispatch/contract'
import type { DeliveryHead, LaneRow } from '@dispatch/store'

/** What to do, or why nothing. */
export type Next =
  | { do: 'start'; row: DeliveryHead }
  /** Interrupt that turn: its end comes back here. */
  | { do: 'interrupt'; turnId: string }
  /** The turn of the head failed for a reason that time heals. */
  | { do: 'wait'; why: 'retrying'; until: number }
  | {
      do: 'wait'
      why: 'empty' | 'draining' | 'locked' | 'ambiguous' | 'on its way' | 'busy' | 'held'
    }

const wait = (why: Exclude<(Next & { do: 'wait' })['why'], 'retrying'>): Next => ({
  do: 'wait',
  why,
})

/** Which modes start on an idle lane, the first ones first. */
const ranks = (held: boolean): DeliveryMode[] => [
  'interject',
  'context',
  ...(held ? [] : (['queue'] as const)),
]

/** What comes next on that lane; `unsettled` has what waits in the order of the queue. */
export const decideNext = (
  lane: LaneRow,
  unsettled: readonly DeliveryHead[],
  { draining, now }: { draining: boolean; now: number },
): Next => {
  const queue = unsettled.filter(({ state }) => state === 'queued')
  const onItsWay = unsettled.filter(({ state }) => state === 'submitting')
  if (queue.length === 0) return wait('empty')
  if (draining) return wait('draining')
  if (lane.archivedAt !== null || lane.source !== 'own') return wait('locked')
  if (unsettled.some(({ state }) => state === 'ambiguous')) return wait('ambiguous')
  if (lane.activeTurnId !== null) {
    const isWanted = queue.some(({ mode }) => mode === 'interject')
    // A message that starts the turn must be durable first; one that is steered into it need not.
    const isStarting = onItsWay.some(({ mode }) => mode !== 'steer')
    return isWanted && !isStarting
      ? { do: 'interrupt', turnId: lane.activeTurnId }
      : wait(isStarting ? 'on its way' : 'busy')
  }
  if (onItsWay.length > 0) return wait('on its way')
  for (const mode of ranks(lane.held)) {
    const row = queue.find((one) => one.mode === mode)
    if (!row) continue
    const { notBefore } = row
    if (notBefore !== null && notBefore > now) {
      return { do: 'wait', why: 'retrying', until: notBefore }
    }
    return { do: 'start', row }
  }
  return wait('held')
}
