// A trigger made of what a person gives: a new one, once for each call whose answer may be lost, or one that
// is another one now. What may be given is said in definition.ts.
import {
  type Call,
  DispatchError,
  type TriggerAddInput,
  type TriggerEditInput,
} from '@dispatch/contract'
import type { LaneRow, Store, TriggerRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { requestToHash } from '../deliveries/request-hash.ts'
import type { Arming } from './arming.ts'
import {
  ADD_HELP,
  checkZone,
  type Definition,
  type DefinitionChecks,
  editToInput,
  inputToDefinition,
  isTimed,
} from './definition.ts'
import { requireFreeName } from './find-trigger.ts'
import type { Timetable } from './timetable.ts'
import type { TriggerBook } from './trigger-book.ts'

/** What it needs. */
export type DefiningOptions = {
  store: Store
  clock: Clock
  timetable: Timetable
  /** Finds lanes for what writes turns. */
  find: { writing: (selector: string) => LaneRow }
  checkPresets: DefinitionChecks['presets']
  endOf: TriggerBook['endOf']
}

/** Makes triggers of what is given. */
export type Defining = {
  /** The same call again is the trigger that it made. */
  add(input: TriggerAddInput, call: Call): TriggerRow
  /** A schedule that is another one is counted from now. */
  edit(row: TriggerRow, input: TriggerEditInput, call: Call): TriggerRow
}

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

/** Whether an edit says how the lanes are made, or that lanes are. */
const saysWhatIsMade = ({ action, cwd, presets, unset = [] }: TriggerEditInput): boolean =>
  [action, cwd, presets].some((given) => given !== undefined) || unset.includes('preset')

// Only a cron expression goes by a zone: the times of the others are instants.
const timesOf = ({ kind, spec }: Pick<TriggerRow, 'kind' | 'spec'>) => [
  spec.everyMs,
  spec.cron,
  spec.at,
  kind === 'cron' ? spec.zone : null,
]

// What is wrong with a definition is told of both alike; the help is that of the command that was given.
const helped = (error: unknown): unknown => {
  if (!(error instanceof DispatchError) || error.hint !== ADD_HELP) return error
  const { code, message, details, retryable } = error
  const rest = { retryable, cause: error, ...(details ? { details } : {}) }
  return new DispatchError(code, message, { hint: 'dispatch trigger edit --help', ...rest })
}

/** Makes it. */
export const makeDefining = (options: DefiningOptions, arming: Arming): Defining => {
  const { store, clock, timetable, find } = options

  const define = (
    input: TriggerAddInput,
    call: Call,
    edited: Partial<Pick<DefinitionChecks, 'presets' | 'standing'>> = {},
  ) =>
    inputToDefinition(input, call, {
      lane: find.writing,
      presets: options.checkPresets,
      now: clock.now(),
      ...edited,
    })

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

  const insert = (input: TriggerAddInput, call: Call): TriggerRow => {
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
      ...arming.armedNow(now),
      nextAt: null,
      scheduledAt: null,
      fires: 0,
      failures: 0,
      backoffUntil: null,
      lastFiredAt: null,
    }
    timetable.check(row, now)
    const made = { ...row, ...timetable.ahead(row, now) }
    arming.insert(made)
    return made
  }

  const change = (row: TriggerRow, input: TriggerEditInput, call: Call): TriggerRow => {
    const now = clock.now()
    checkZone(input, input.when ?? row.kind)
    if (input.name !== undefined && input.name !== row.name) requireFreeName(store, input.name)
    // A directory that is gone since keeps nobody from changing the rest.
    const unchecked = saysWhatIsMade(input) ? {} : { presets: () => undefined }
    const definition = define(editToInput(row, input), call, { standing: row.spec, ...unchecked })
    const isMoved =
      definition.kind !== row.kind ||
      definition.sourceId !== row.sourceId ||
      timesOf(definition).join() !== timesOf(row).join()
    const outcomes = definition.spec.outcomes.join()
    const isSame = !isMoved && row.state === 'active' && outcomes === row.spec.outcomes.join()
    const edited: TriggerRow = {
      ...row,
      ...definition,
      ...(isSame ? {} : arming.armedNow(now)),
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
    if (!isKept) arming.dropLate(row, { now, changed: 'Its times were changed' })
    return arming.arm(edited, { now, after })
  }

  return {
    add: (input, call) => knownOf(input, call) ?? insert(input, call),
    edit: (...given) => {
      try {
        return change(...given)
      } catch (error) {
        throw helped(error)
      }
    },
  }
}
