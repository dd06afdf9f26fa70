// What a trigger is made of: from what was given, checked in whole, so that nothing of it fails for the
// first time when it fires. An edit is the old input under the new one.
import {
  type Call,
  DispatchError,
  type TriggerAddInput,
  type TriggerEditInput,
} from '@dispatch/contract'
import type { LaneRow, TriggerRow, TriggerSpec } from '@dispatch/store'
import { isZoned, textToSpan } from '../sessions/instant.ts'
import { unusableOf } from './decide-fire.ts'
import { templateProblemOf } from './template.ts'

/** What was given of a trigger. */
export type TriggerInput = TriggerAddInput

/** The part of a row that is a person's. */
export type Definition = Pick<
  TriggerRow,
  'name' | 'laneId' | 'sourceId' | 'kind' | 'action' | 'text' | 'spec'
>

/** What checking needs. */
export type DefinitionChecks = {
  /** The lane of a selector; throws where it cannot be written. */
  lane: (selector: string) => LaneRow
  /** Throws where the presets cannot make a lane in that directory. */
  presets: (presets: readonly string[], cwd: string) => void
  now: number
  /** Times that stand already: they may have been. */
  standing?: Pick<TriggerSpec, 'at' | 'until'>
}

/** Where the fields of a trigger are told of. */
export const ADD_HELP = 'dispatch trigger add --help'

const refuse = (message: string, hint = ADD_HELP): DispatchError =>
  new DispatchError('validation', message, { hint })

const timed: ReadonlySet<string> = new Set(['interval', 'cron', 'at'])

/** Whether that kind goes by the clock alone. */
export const isTimed = ({ kind }: Pick<TriggerRow, 'kind'>): boolean => timed.has(kind)

/** The command that makes a lane usable that is not. */
export const commandToUse = ({ archivedAt, ref }: LaneRow): string =>
  archivedAt === null ? `dispatch adopt ${ref}` : `dispatch restore ${ref}`

type Rule = { flag: string; given: unknown; fits: boolean; needs?: boolean; of: string }

const rulesOf = (input: TriggerInput): Rule[] => {
  const { when, action } = input
  const makes = action === 'new'
  const hasSeconds = when === 'interval' || when === 'idle_for'
  const byTime = timed.has(when)
  return [
    {
      flag: '--seconds',
      given: input.seconds,
      fits: hasSeconds,
      needs: true,
      of: 'interval and idle_for',
    },
    { flag: '--cron', given: input.cron, fits: when === 'cron', needs: true, of: 'cron' },
    { flag: '--at', given: input.time, fits: when === 'at', needs: true, of: 'at' },
    { flag: '--on', given: input.on, fits: !byTime, needs: makes, of: 'idle_for and events' },
    {
      flag: '--outcome',
      given: input.outcomes,
      fits: when === 'turn_completed',
      of: 'turn_completed',
    },
    { flag: '--catch-up', given: input.catchUp, fits: byTime, of: 'interval, cron and at' },
    { flag: '--jitter', given: input.jitterSeconds, fits: byTime, of: 'interval, cron and at' },
    {
      flag: '--lane',
      given: input.lane,
      fits: !makes,
      needs: true,
      of: 'actions on a lane; new makes its own',
    },
    { flag: '--preset', given: input.presets, fits: makes, of: 'new' },
    { flag: '--cwd', given: input.cwd, fits: makes, of: 'new' },
    { flag: '--dedupe', given: input.dedupe || undefined, fits: !makes, of: 'actions on a lane' },
    {
      flag: '--idle-only',
      given: input.idleOnly || undefined,
      fits: !makes && action !== 'steer',
      of: 'send, brief and queue',
    },
    {
      flag: '--overlap queue',
      given: input.overlap === 'queue' ? true : undefined,
      fits: !makes && action !== 'steer',
      of: 'send, brief and queue',
    },
  ]
}

const checkFlags = (input: TriggerInput): void => {
  for (const { flag, given, fits, needs, of } of rulesOf(input)) {
    if (given !== undefined && !fits) throw refuse(`${flag} is for ${of}.`)
    if (given === undefined && fits && needs === true) {
      const what = flag === '--lane' ? `--action ${input.action}` : `--when ${input.when}`
      throw refuse(`${what} needs ${flag}.`)
    }
  }
}

/** Throws where a zone is given that nothing would go by. */
export const checkZone = (
  given: Pick<TriggerEditInput, 'timezone' | 'time' | 'until'>,
  when: TriggerInput['when'],
): void => {
  if (given.timezone === undefined || when === 'cron') return
  const goesByIt = [given.time, given.until].some((text) => text !== undefined && !isZoned(text))
  if (!goesByIt) throw refuse('--timezone is for cron, and for an --at or --until without a zone.')
}

const checkSense = (input: TriggerInput, source: LaneRow | null, lane: LaneRow | null): void => {
  if (input.when === 'idle_for' && input.action === 'steer' && source?.threadId === lane?.threadId)
    throw refuse('A lane that rests has no turn to steer.')
  const queues = input.action === 'queue' || input.overlap === 'queue'
  if (lane?.ephemeral === true && queues)
    throw refuse(
      `${lane.handle} is ephemeral: it may be gone before a queued message has its turn.`,
    )
  const problem = input.template ? templateProblemOf(input.text, lane !== null) : null
  if (problem !== null) throw refuse(`--text: ${problem}.`)
}

const secondsToMs = (seconds: number | undefined): number | null =>
  seconds === undefined ? null : Math.max(1, Math.round(seconds * 1_000))

const outcomesOf = ({ when, outcomes = [] }: TriggerInput): TriggerSpec['outcomes'] =>
  when === 'turn_completed' && outcomes.length === 0 ? ['completed'] : [...new Set(outcomes)]

type Moment = { flag: '--at' | '--until'; zone: string; now: number; stands: number | null }

const textToMoment = (text: string, { flag, zone, now, stands }: Moment): number => {
  const { from, to } = textToSpan(text, zone, flag)
  // A day counts wholly as an end.
  const instant = flag === '--until' && to - from > 1 ? to : from
  if (instant <= now && instant !== stands)
    throw refuse(`${flag} has been: ${new Date(instant).toISOString()}.`)
  return instant
}

/** The definition of what was given; throws `validation`, `not_found` or `authority`. */
export const inputToDefinition = (
  input: TriggerInput,
  call: Pick<Call, 'cwd' | 'zone'>,
  checks: DefinitionChecks,
): Definition => {
  checkFlags(input)
  const usable = (selector: string | undefined): LaneRow | null => {
    if (selector === undefined) return null
    const row = checks.lane(selector)
    const reason = unusableOf(row)
    if (reason !== null) throw refuse(reason, commandToUse(row))
    return row
  }
  const lane = usable(input.lane)
  const source = timed.has(input.when) ? null : (usable(input.on) ?? lane)
  checkSense(input, source, lane)
  const makes = input.action === 'new'
  const cwd = makes ? (input.cwd ?? call.cwd) : null
  const presets = input.presets ?? []
  if (cwd !== null) checks.presets(presets, cwd)
  const zone = input.timezone ?? call.zone
  const { now, standing = { at: null, until: null } } = checks
  const { at, until } = standing
  const spec: TriggerSpec = {
    everyMs: secondsToMs(input.seconds),
    cron: input.cron?.trim() ?? null,
    zone,
    at:
      input.time === undefined
        ? null
        : textToMoment(input.time, { flag: '--at', zone, now, stands: at }),
    outcomes: outcomesOf(input),
    presets,
    cwd,
    template: input.template ?? false,
    idleOnly: input.idleOnly ?? false,
    minIntervalMs: secondsToMs(input.minIntervalSeconds),
    dedupe: input.dedupe ?? false,
    overlap: input.overlap ?? 'skip',
    catchUp: timed.has(input.when) ? (input.catchUp ?? 'latest') : null,
    jitterMs: secondsToMs(input.jitterSeconds),
    until:
      input.until === undefined
        ? null
        : textToMoment(input.until, { flag: '--until', zone, now, stands: until }),
    maxFires: input.maxFires ?? null,
  }
  return {
    name: input.name,
    laneId: lane?.threadId ?? null,
    sourceId: source?.threadId ?? null,
    kind: input.when,
    action: input.action,
    text: input.text,
    spec,
  }
}

const given = <T extends object>(fields: { [Name in keyof T]: T[Name] | null | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as T

const msToSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000)

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** What was given of a trigger, as far as it still means something under another kind and action. */
const rowToInput = (row: TriggerRow, edit: TriggerEditInput): TriggerInput => {
  const { spec } = row
  const when = edit.when ?? row.kind
  const action = edit.action ?? row.action
  const sameKind = when === row.kind
  const makes = action === 'new'
  return {
    ...given({
      lane: makes ? null : row.laneId,
      seconds: sameKind ? msToSeconds(spec.everyMs) : null,
      cron: sameKind ? spec.cron : null,
      time: sameKind ? iso(spec.at) : null,
      on: timed.has(when) || row.sourceId === row.laneId ? null : row.sourceId,
      outcomes: sameKind && row.kind === 'turn_completed' ? [...spec.outcomes] : null,
      catchUp: timed.has(when) ? spec.catchUp : null,
      jitterSeconds: timed.has(when) ? msToSeconds(spec.jitterMs) : null,
      presets: makes && row.action === 'new' ? [...spec.presets] : null,
      cwd: makes ? spec.cwd : null,
      timezone: sameKind && when === 'cron' ? spec.zone : null,
      minIntervalSeconds: msToSeconds(spec.minIntervalMs),
      until: iso(spec.until),
      maxFires: spec.maxFires,
    }),
    template: spec.template,
    idleOnly: spec.idleOnly && !makes && action !== 'steer',
    dedupe: spec.dedupe && !makes,
    overlap: makes || action === 'steer' ? 'skip' : spec.overlap,
    name: row.name,
    text: row.text,
    when,
    action,
  }
}

const fieldOfFlag = {
  until: 'until',
  'max-fires': 'maxFires',
  'min-interval': 'minIntervalSeconds',
  jitter: 'jitterSeconds',
  outcome: 'outcomes',
  on: 'on',
  preset: 'presets',
  timezone: 'timezone',
} as const satisfies Record<string, keyof TriggerInput>

/** The input of a trigger after an edit. */
export const editToInput = (row: TriggerRow, edit: TriggerEditInput): TriggerInput => {
  const { trigger: _trigger, unset = [], ...changes } = edit
  const input: TriggerInput = { ...rowToInput(row, edit), ...given(changes) }
  for (const flag of unset) delete input[fieldOfFlag[flag]]
  return input
}
