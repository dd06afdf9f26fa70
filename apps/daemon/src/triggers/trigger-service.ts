// The ops that change triggers: find, check, write, plan anew. Those that read are trigger-reading.ts.
import {
  type Call,
  type DaemonServices,
  DispatchError,
  type TriggerAddInput,
  type TriggerEditInput,
  type TriggerResult,
} from '@dispatch/contract'
import type { LaneRow, Store, TriggerRow, TriggerRunRow, TriggerSpec } from '@dispatch/store'
import { type Audit, type AuditNote, textToShape } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'
import { requestToHash } from '../deliveries/request-hash.ts'
import type { Acting } from './acting.ts'
import { decideResume } from './decide-resume.ts'
import {
  ADD_HELP,
  checkZone,
  type Definition,
  type DefinitionChecks,
  editToInput,
  inputToDefinition,
  isTimed,
} from './definition.ts'
import { requireFreeName, triggerOf } from './find-trigger.ts'
import type { Planning } from './planning.ts'
import type { Removing } from './removing.ts'
import { runToVerdict } from './run-verdict.ts'
import type { Reckoned } from './reckoned.ts'
import type { Timetable } from './timetable.ts'
import type { TriggerBook } from './trigger-book.ts'
import { rowToNotes, timesToNotes } from './trigger-notes.ts'
import { makeTriggerReading } from './trigger-reading.ts'
import { rowToRun } from './trigger-view.ts'

/** What the ops need. */
export type TriggerServiceOptions = {
  store: Store
  clock: Clock
  audit: Audit
  events: EventLog
  timetable: Timetable
  reckoned: Reckoned
  planning: Planning
  acting: Acting
  /** Finds lanes, for reading and for what writes turns. */
  find: { reading: (selector: string) => LaneRow; writing: (selector: string) => LaneRow }
  checkPresets: DefinitionChecks['presets']
  /** Resolves when it is known how lanes stand. */
  whenReady: (signal: AbortSignal) => Promise<void>
  /** Takes up what is due of a trigger at once. */
  settle: (trigger: TriggerRow) => void
  endOf: TriggerBook['endOf']
  remove: Removing['remove']
  /** Triggers were added or changed. */
  changed: () => void
}

const BEFORE_DELAY = 'before its delay (--jitter) was over.'

/** Whether a changed trigger does what it did: not when, or under which guards, but what and to whom. */
const doesTheSame = (row: TriggerRow, changed: Definition): boolean => {
  const { action, laneId, text, spec } = changed
  const { template, overlap, cwd, presets } = spec
  return (
    action === row.action &&
    laneId === row.laneId &&
    text === row.text &&
    template === row.spec.template &&
    overlap === row.spec.overlap &&
    cwd === row.spec.cwd &&
    presets.join() === row.spec.presets.join()
  )
}

// Only a cron expression goes by a zone: the times of the others are instants.
const timesOf = ({ kind, spec }: Pick<TriggerRow, 'kind' | 'spec'>) => [
  spec.everyMs,
  spec.cron,
  spec.at,
  kind === 'cron' ? spec.zone : null,
]

/** Makes the ops. */
export const makeTriggerService = (options: TriggerServiceOptions): DaemonServices['trigger'] => {
  const { store, clock, audit, events, timetable, reckoned, planning, acting, find } = options
  const reading = makeTriggerReading(options)

  const current = ({ id }: TriggerRow): TriggerRow => triggerOf(store, id)

  const tell = (note: AuditNote, { id, laneId }: Pick<TriggerRow, 'id' | 'laneId'>): void => {
    note.detail({ trigger: id })
    const lane = laneId === null ? null : store.lanes.get(laneId)
    if (lane) note.lane(lane)
  }

  const write = (change: () => void): void =>
    events.commit(
      () => {
        reckoned.note()
        change()
      },
      { durable: true },
    )

  const armedNow = (now: number) => ({ armedAt: now, armedSeq: store.events.lastSeq() })

  const define = (
    input: TriggerAddInput,
    call: Call,
    standing: Pick<TriggerSpec, 'at' | 'until'> = { at: null, until: null },
  ) =>
    inputToDefinition(input, call, {
      lane: find.writing,
      presets: options.checkPresets,
      now: clock.now(),
      standing,
    })

  const add = (input: TriggerAddInput, call: Call): TriggerRow => {
    const now = clock.now()
    checkZone(input, input.when)
    requireFreeName(store, input.name)
    const row: TriggerRow = {
      ...define(input, call),
      id: call.id,
      inputHash: inputHashOf(input, call),
      state: 'active',
      reason: null,
      createdAt: now,
      updatedAt: now,
      armedAt: now,
      armedSeq: store.events.lastSeq(),
      nextAt: null,
      scheduledAt: null,
      fires: 0,
      failures: 0,
      backoffUntil: null,
      lastFiredAt: null,
    }
    timetable.check(row, now)
    const made = { ...row, ...timetable.ahead(row, now) }
    write(() => store.triggers.insert(made))
    return made
  }

  const inputHashOf = (input: TriggerAddInput, { cwd, zone }: Call): string =>
    requestToHash('trigger.add', input, cwd, zone)

  // The same call again, whose answer was lost, is the trigger that it made.
  const knownOf = (input: TriggerAddInput, call: Call): TriggerRow | null => {
    const known = store.triggers.get(call.id)
    if (!known || known.inputHash === null || known.inputHash === inputHashOf(input, call))
      return known
    throw new DispatchError('conflict', `${call.id} is the id of another call.`, {
      hint: `dispatch trigger get ${call.id}`,
      details: { callId: call.id },
    })
  }

  // What was due before it is changed is acted on as it was, and as lanes stand.
  const settled = async (selector: string, { signal }: Call): Promise<TriggerRow> => {
    const { nextAt } = triggerOf(store, selector)
    if (nextAt !== null && nextAt <= clock.now()) await options.whenReady(signal)
    const row = triggerOf(store, selector)
    options.settle(row)
    return current(row)
  }

  // What comes late by its jitter is ahead still.
  const isLate = ({ scheduledAt, nextAt }: TriggerRow, now: number): boolean =>
    scheduledAt !== null && scheduledAt <= now && nextAt !== null && nextAt > now

  // Its time has been, and it is a row like any other.
  const dropLate = (row: TriggerRow, { now, detail }: { now: number; detail: string }): void => {
    const { scheduledAt } = row
    if (scheduledAt === null || !isTimed(row) || !isLate(row, now)) return
    events.commit((tx) => planning.dropped(tx, row, { scheduledAt, detail }), { durable: true })
  }

  // A schedule that is another one is counted from now.
  const edit = (row: TriggerRow, input: TriggerEditInput, call: Call): TriggerRow => {
    const now = clock.now()
    checkZone(input, input.when ?? row.kind)
    if (input.name !== undefined && input.name !== row.name) requireFreeName(store, input.name)
    const definition = define(editToInput(row, input), call, row.spec)
    const isMoved =
      definition.kind !== row.kind ||
      definition.sourceId !== row.sourceId ||
      timesOf(definition).join() !== timesOf(row).join()
    const outcomes = definition.spec.outcomes.join()
    const isSame = !isMoved && row.state === 'active' && outcomes === row.spec.outcomes.join()
    const edited: TriggerRow = {
      ...row,
      ...definition,
      ...(isSame ? {} : armedNow(now)),
      ...(isMoved ? {} : { armedAt: row.armedAt }),
      // What failed is another thing now.
      ...(doesTheSame(row, definition) ? {} : { failures: 0, backoffUntil: null }),
    }
    const isKept = !isMoved && row.scheduledAt !== null && row.scheduledAt <= now
    const after = isKept ? (row.scheduledAt ?? now) - 1 : now
    // One that had come to its end may have more to fire for now, or the other way round.
    if (row.state === 'active' || row.state === 'done') {
      const hasBeen = row.state === 'done' && !isMoved && isTimed(edited)
      const isOver = hasBeen && timetable.ahead(edited, after).nextAt === null
      edited.reason = options.endOf(edited, after) ?? (isOver ? row.reason : null)
      edited.state = edited.reason === null ? 'active' : 'done'
    }
    if (edited.state === 'active') timetable.check(edited, after)
    if (!isKept) dropLate(row, { now, detail: `Its times were changed ${BEFORE_DELAY}` })
    return arm(edited, { now, after })
  }

  const editHelped = (...given: Parameters<typeof edit>): TriggerRow => {
    try {
      return edit(...given)
    } catch (error) {
      throw helped(error)
    }
  }

  const arm = (row: TriggerRow, { now, after = now }: { now: number; after?: number }) => {
    const none = { nextAt: null, scheduledAt: null }
    const ahead = row.state === 'active' ? timetable.ahead(row, after) : none
    const { id, createdAt: _created, ...rest } = { ...row, ...ahead, updatedAt: now }
    write(() => store.triggers.update(id, rest))
    return current(row)
  }

  const resume = (row: TriggerRow): TriggerRow => {
    const now = clock.now()
    const lane = row.laneId === null ? null : store.lanes.get(row.laneId)
    const source = row.sourceId === null ? null : store.lanes.get(row.sourceId)
    decideResume(row, { lane, source, now })
    const none = { failures: 0, backoffUntil: null, reason: null }
    const armed: TriggerRow = { ...row, ...none, state: 'active', ...armedNow(now) }
    timetable.check(armed, now)
    return arm(armed, { now })
  }

  const goneError = ({ id, name }: TriggerRow, run: TriggerRunRow | null): DispatchError => {
    const trigger = store.triggers.get(id)
    if (trigger)
      return new DispatchError('internal', trigger.reason ?? `${name} has no occurrence.`)
    const sent = run ? store.deliveries.get(run.id) : null
    return new DispatchError('not_found', `Trigger ${name} was removed while it was fired.`, {
      hint: sent ? `dispatch delivery get ${sent.id}` : 'dispatch trigger list',
      details: { delivery: sent?.id ?? null },
    })
  }

  const fireNow = async (row: TriggerRow, call: Call): Promise<TriggerRunRow> => {
    const key = `manual:${call.id}`
    const known = store.triggerRuns.byKey(row.id, key)
    const now = clock.now()
    const occurrence = { key, cause: 'manual', scheduledAt: now } as const
    const planned =
      known ?? events.commit((tx) => planning.plan(tx, row, occurrence), { durable: true })
    if (planned?.outcome === 'planned') await acting.act(planned)
    const run = store.triggerRuns.byKey(row.id, key)
    if (run) return run
    throw goneError(row, planned)
  }

  // What is wrong with a definition is told of both alike; the help is that of the command that was given.
  const helped = (error: unknown): unknown => {
    if (!(error instanceof DispatchError) || error.hint !== ADD_HELP) return error
    const { code, message, details, retryable } = error
    const rest = { retryable, cause: error, ...(details ? { details } : {}) }
    return new DispatchError(code, message, { hint: 'dispatch trigger edit --help', ...rest })
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
        const row = knownOf(input, call) ?? add(input, call)
        const notes = [...rowToNotes(row), ...timesToNotes(input, row.spec.zone ?? call.zone)]
        return { row, notes }
      }),

    edit: (input, call) =>
      changing('edit', call, async (note) => {
        if (input.text !== undefined) note.detail(textToShape(input.text))
        const settledRow = await settled(input.trigger, call)
        const row = editHelped(settledRow, input, call)
        const notes = [...rowToNotes(row), ...timesToNotes(input, row.spec.zone ?? call.zone)]
        return { row, notes }
      }),

    pause: (input, call) =>
      changing('pause', call, async () => {
        const row = await settled(input.trigger, call)
        if (row.state !== 'active') return { row, notes: [`It was ${row.state} already.`] }
        const now = clock.now()
        dropLate(row, { now, detail: `It was paused ${BEFORE_DELAY}` })
        return { row: arm({ ...row, state: 'paused' }, { now }) }
      }),

    resume: (input, call) =>
      changing('resume', call, async () => {
        const row = triggerOf(store, input.trigger)
        if (row.state === 'active') return { row, notes: ['It was active already.'] }
        return { row: resume(row) }
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
        const run = await fireNow(row, call)
        options.changed()
        note.detail({ run: run.id, outcome: run.outcome })
        return { ...rowToRun(store, run), ...runToVerdict(row, run) }
      }),
  }
}
