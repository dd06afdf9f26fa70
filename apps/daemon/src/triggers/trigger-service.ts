// The ops that change triggers: find, hand to the part that does it, answer. Those that read are
// trigger-reading.ts.
import type { Call, DaemonServices, TriggerResult } from '@dispatch/contract'
import type { LaneRow, Store, TriggerRow } from '@dispatch/store'
import { type Audit, type AuditNote, textToShape } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import { type ArmingOptions, makeArming } from './arming.ts'
import { type DefiningOptions, makeDefining } from './defining.ts'
import { triggerOf } from './find-trigger.ts'
import { type FiringByHandOptions, makeFiringByHand } from './firing-by-hand.ts'
import type { Removing } from './removing.ts'
import { runToVerdict } from './run-verdict.ts'
import { rowToNotes, timesToNotes } from './trigger-notes.ts'
import { makeTriggerReading } from './trigger-reading.ts'
import { rowToRun } from './trigger-view.ts'

/** What the ops need. */
export type TriggerServiceOptions = ArmingOptions &
  DefiningOptions &
  FiringByHandOptions & {
    store: Store
    clock: Clock
    audit: Audit
    /** Finds lanes, for reading and for what writes turns. */
    find: { reading: (selector: string) => LaneRow; writing: (selector: string) => LaneRow }
    remove: Removing['remove']
    /** Triggers were added or changed. */
    changed: () => void
  }

/** Makes the ops. */
export const makeTriggerService = (options: TriggerServiceOptions): DaemonServices['trigger'] => {
  const { store, clock, audit } = options
  const reading = makeTriggerReading(options)
  const arming = makeArming(options)
  const defining = makeDefining(options, arming)
  const fireByHand = makeFiringByHand(options)

  const tell = (note: AuditNote, { id, laneId }: Pick<TriggerRow, 'id' | 'laneId'>): void => {
    note.detail({ trigger: id })
    const lane = laneId === null ? null : store.lanes.get(laneId)
    if (lane) note.lane(lane)
  }

  const changing = (
    op: string,
    call: Call,
    change: (note: AuditNote) => Promise<{ row: TriggerRow; notes?: string[] }>,
  ): Promise<TriggerResult> =>
    audit.run(`trigger.${op}`, call, async (note) => {
      const { row, notes } = await change(note)
      tell(note, row)
      options.changed()
      return reading.answer(row, notes)
    })

  return {
    ...reading.ops,

    add: (input, call) =>
      changing('add', call, async (note) => {
        note.detail({ ...textToShape(input.text), when: input.when, action: input.action })
        const row = defining.add(input, call)
        const notes = [...rowToNotes(row), ...timesToNotes(input, row.spec.zone ?? call.zone)]
        return { row, notes }
      }),

    edit: (input, call) =>
      changing('edit', call, async (note) => {
        if (input.text !== undefined) note.detail(textToShape(input.text))
        const row = defining.edit(await arming.settled(input.trigger, call), input, call)
        const notes = [...rowToNotes(row), ...timesToNotes(input, row.spec.zone ?? call.zone)]
        return { row, notes }
      }),

    pause: (input, call) =>
      changing('pause', call, async () => {
        const row = await arming.settled(input.trigger, call)
        if (row.state !== 'active') return { row, notes: [`It was ${row.state} already.`] }
        const now = clock.now()
        arming.dropLate(row, { now, changed: 'It was paused' })
        return { row: arming.arm({ ...row, state: 'paused' }, { now }) }
      }),

    resume: (input, call) =>
      changing('resume', call, async () => {
        const row = triggerOf(store, input.trigger)
        if (row.state === 'active') return { row, notes: ['It was active already.'] }
        return { row: arming.resume(row) }
      }),

    rm: (input, call) =>
      audit.run('trigger.rm', call, async (note) => {
        const row = triggerOf(store, input.trigger)
        tell(note, row)
        await options.remove(row)
        options.changed()
        return { id: row.id, name: row.name, removed: true }
      }),

    run: (input, call) =>
      audit.run('trigger.run', call, async (note) => {
        tell(note, triggerOf(store, input.trigger))
        await options.whenReady(call.signal)
        const row = triggerOf(store, input.trigger)
        const run = await fireByHand(row, call)
        options.changed()
        note.detail({ run: run.id, outcome: run.outcome })
        return { ...rowToRun(store, run), ...runToVerdict(row, run) }
      }),
  }
}
