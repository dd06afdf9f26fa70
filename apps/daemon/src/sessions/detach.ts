// detach: forgets a lane. Its Codex thread stays; that of an own lane is unloaded first, so that
// its writer lock is free. What waited for the lane is lost, which the plan says before. Its
// triggers go before it, and once they have begun to go it goes too, whatever it was given to do
// meanwhile: it is refused with all of them or not at all. A lane of which that was cut off is
// there still, and is forgotten by the same command.
import { type DetachPlan, type DetachResult, DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import { openGoalRefusalOf } from '../goals/goal-turn.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { Removing } from '../triggers/removing.ts'
import type { Unloading } from './unloading.ts'

type DetachOptions = {
  store: Store
  events: EventLog
  link: CodexLink
  workers: LaneWorkers
  unloading: Unloading
  /** Takes the triggers that act on a lane away, in slices; none of them fires from the call on. */
  removeTriggers: Removing['removeOf']
  touched: (threadIds: Iterable<string>) => void
}

/** Forgets lanes. */
export type Detach = {
  plan(lane: LaneRow): DetachPlan
  detach(lane: LaneRow): Promise<DetachResult>
}

// Also for a sub-agent of it, without a turn of its own.
const isAsking = ({ source, status }: LaneRow): boolean =>
  source === 'own' && status === 'waiting_approval'

const busyError = (lane: LaneRow, why: string, hint: string): DispatchError =>
  new DispatchError('lane_busy', `${lane.handle} ${why}.`, {
    hint,
    details: { lane: { ref: lane.ref, id: lane.threadId, handle: lane.handle } },
  })

/** A lane that works, or waits for a person, cannot be let go. */
export const refusalOfBusy = (store: Store, lane: LaneRow, op: string): DispatchError | null => {
  const { ref } = lane
  const after = `dispatch ${op} ${ref}`
  // To wait for the end of one of its turns would help nothing.
  const goal = isAsking(lane) ? null : openGoalRefusalOf(store, lane, after)
  if (goal) return goal
  if (lane.activeTurnId !== null) {
    const hint = `dispatch wait ${ref} or dispatch stop ${ref}, then ${after}`
    return busyError(lane, 'has an active turn', hint)
  }
  if (isAsking(lane)) {
    return busyError(lane, 'waits for a person', `dispatch request list --lane ${ref}`)
  }
  return null
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Makes the forgetting of lanes. */
export const makeDetach = (options: DetachOptions): Detach => {
  const { store, events, link, workers, unloading, touched } = options

  const triggersOf = ({ threadId }: LaneRow): number =>
    store.forgetting.dependents(threadId)['triggers'] ?? 0

  const losses = (lane: LaneRow, triggers: number): string[] => {
    const waiting = store.deliveries.unsettled(lane.threadId).length
    return [
      ...(lane.ephemeral ? ['Its history, which Codex does not keep.'] : []),
      ...(waiting > 0 ? [`${counted(waiting, 'message')} that wait for it.`] : []),
      ...(triggers > 0 ? [`${counted(triggers, 'trigger')}.`] : []),
    ]
  }

  const forget = (lane: LaneRow): void => {
    const { threadId, ref, handle, title, source } = lane
    events.commit(
      (tx) => {
        store.forgetting.forget(threadId)
        tx.append({ threadId, type: 'lane.detached', data: { ref, handle, title, source } })
      },
      { durable: true },
    )
    touched([threadId])
  }

  // As it stands now; throws where it cannot be let go.
  const idle = (lane: LaneRow): LaneRow => {
    const current = store.lanes.get(lane.threadId) ?? lane
    const refusal = refusalOfBusy(store, current, 'detach')
    if (refusal) throw refusal
    return current
  }

  const letGo = async (lane: LaneRow): Promise<{ unloaded: boolean; notes: string[] }> => {
    if (lane.source === 'attached') return { unloaded: true, notes: [] }
    const client = link.current()
    if (!client) return { unloaded: false, notes: ['Codex does not answer: it was not asked.'] }
    const unloaded = await unloading.unload(client, lane.threadId)
    const note = 'Another client of the App Server has the thread open.'
    return { unloaded, notes: unloaded ? [] : [note] }
  }

  return {
    plan: (lane) => ({ destroys: lane.source === 'own', losses: losses(lane, triggersOf(lane)) }),
    detach: (lane) =>
      workers.run(lane.threadId, async () => {
        const { unloaded, notes } = await letGo(idle(lane))
        // Somebody may have given it more to do meanwhile; from here on nothing refuses.
        const { ref } = idle(lane)
        const triggers = triggersOf(lane)
        const command = `dispatch detach ${ref} --yes`
        await options.removeTriggers(lane.threadId, { what: 'The detaching of its lane', command })
        const current = store.lanes.get(lane.threadId) ?? lane
        const lost = losses(current, triggers)
        const goesOn = current.activeTurnId === null ? [] : ['Its turn goes on.']
        forget(current)
        const gone = lost.map((loss) => `Gone with it: ${loss}`)
        return {
          ...rowToIdentity(current),
          managed: false as const,
          unloaded,
          notes: [...notes, ...goesOn, ...gone],
        }
      }),
  }
}
