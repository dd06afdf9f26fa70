// The op new: the configuration under what was asked, the lane, its first message; or the plan alone.
import {
  type Call,
  DispatchError,
  type EffectiveSettings,
  type NewInput,
  type NewResult,
} from '@dispatch/contract'
import type { CreationDraft, LaneRow, Store } from '@dispatch/store'
import { type Audit, textToShape } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import { makeDeadline } from '../clock/deadline.ts'
import type { Configuration } from '../config/configuration.ts'
import type { FirstGoal } from '../goals/first-goal.ts'
import type { Held } from '../lane-tools/children.ts'
import type { NewLaneTools } from '../lane-tools/lane-tools.ts'
import type { ModelCatalogue } from '../models/catalogue.ts'
import type { Sending } from '../turns/sending.ts'
import type { LaneCreation } from './create-lane.ts'
import { inputToDraft, type LaneDraft } from './lane-draft.ts'
import { refuseForeignName } from './lane-resolver.ts'
import { rowToIdentity, turnOf } from './lane-view.ts'
import { freeHandle, nameToHandle } from './naming.ts'

/** What it needs. */
export type NewLaneOptions = {
  store: Store
  clock: Clock
  audit: Audit
  configuration: Configuration
  catalogue: Pick<ModelCatalogue, 'check'>
  creation: LaneCreation
  firstGoal: FirstGoal
  sending: Sending
  tools: Pick<NewLaneTools, 'offered' | 'hold'>
}

type Sent = Awaited<ReturnType<Sending['send']>> | null

const nothingInForce: EffectiveSettings = {
  model: null,
  modelProvider: null,
  effort: null,
  sandbox: null,
  approvalPolicy: null,
  serviceTier: null,
  approvalsReviewer: null,
}

// Under a key of the caller's how long one waits is no part of what is asked for.
const inputOf = (input: NewInput): unknown => {
  if (input.idempotencyKey === undefined) return input
  const { wait: _wait, timeoutSeconds: _seconds, ...asked } = input
  return asked
}

const notMade = (seconds: number): DispatchError =>
  new DispatchError(
    'timeout',
    `Nothing came within ${seconds} s: Codex has not made the thread, and the message is not sent.`,
    {
      hint: 'dispatch daemon status; dispatch list shows the lane if Codex makes it yet.',
      details: { timeoutSeconds: seconds, lanes: [], stalled: [], sent: false },
    },
  )

/** Makes the op. */
export const makeNewLane = (options: NewLaneOptions) => {
  const { store, clock, audit, configuration, catalogue, creation, firstGoal, sending, tools } =
    options

  const draftOf = async (input: NewInput, call: Call): Promise<Held> => {
    const draft = inputToDraft(input, configuration.plan(input, call.cwd))
    refuseForeignName(store, draft.name)
    const laneTools = tools.offered()
    return await tools.hold(laneTools ? { ...draft, laneTools } : draft, input, call)
  }

  // A caller who waits waits for the thread as well. What is under way goes on: Codex may make it yet.
  const createInTime = async (
    asked: Parameters<LaneCreation['create']>[0],
    { wait, timeoutSeconds }: NewInput,
    call: Call,
  ) => {
    const seconds = wait ? timeoutSeconds : undefined
    using deadline = makeDeadline(clock, { seconds, caller: call.signal })
    try {
      return await deadline.unlessOver(creation.create(asked, call))
    } catch (error) {
      if (error !== deadline.over.reason) throw error
      throw notMade(seconds ?? 0)
    }
  }

  const firstMessage = async (
    lane: LaneRow,
    draft: LaneDraft,
    asked: [input: NewInput, call: Call, since: number],
  ) => {
    const [{ wait = false, timeoutSeconds }, call, since] = asked
    const { text } = draft
    if (text === null) return null
    try {
      return await sending.send(
        lane,
        {
          mode: 'send',
          mayWait: true,
          text,
          intro: false,
          overrides: {},
          wait,
          timeoutSeconds,
          since,
        },
        call,
      )
    } catch (error) {
      // The lane is there all the same, and the caller must learn which.
      if (!(error instanceof DispatchError)) throw error
      throw new DispatchError(error.code, error.message, {
        hint: error.hint ?? `dispatch send ${lane.ref} ...`,
        details: { ...error.details, lane: rowToIdentity(lane) },
        cause: error,
      })
    }
  }

  const beginGoal = async (lane: LaneRow, draft: LaneDraft, asked: [NewInput, Call]) => {
    const [{ send }, { signal }] = asked
    if (draft.goal === null) return []
    const next = send === false ? 'nothing' : draft.text === null ? 'turns' : 'message'
    await firstGoal.begin(lane, draft.goal, { next, signal })
    return next === 'nothing'
      ? [`The goal is paused: dispatch goal set ${lane.ref} --status active starts it.`]
      : ['Codex works at the goal by itself until it is done; dispatch stop pauses it.']
  }

  const made = (lane: LaneRow, notes: string[], sent: Sent): NewResult => {
    const now = store.lanes.get(lane.threadId) ?? lane
    const { effective } = now
    if (!effective) throw new DispatchError('internal', 'A new lane has no effective settings.')
    return {
      ...rowToIdentity(now),
      messageAccepted: sent?.delivery.state === 'accepted',
      goalSet: store.goals.get(lane.threadId) !== null,
      latestTurn: sent ? sent.turn : turnOf(store, now.threadId, now.latestTurnId),
      model: effective.model,
      effective,
      delivery: sent?.delivery ?? null,
      lastMessage: sent?.lastMessage ?? null,
      plan: null,
      notes: [...notes, ...(sent?.notes ?? [])],
      error: sent?.error ?? null,
    }
  }

  const planned = (
    { name, title, cwd, settings, rows }: LaneDraft,
    lowered: string[],
  ): NewResult => ({
    ref: '',
    id: '',
    handle: freeHandle(nameToHandle(name), (handle) => store.lanes.byLiveHandle(handle) !== null),
    title,
    managed: false,
    source: 'own',
    status: 'unknown',
    cwd,
    messageAccepted: false,
    goalSet: false,
    latestTurn: null,
    model: settings.model ?? null,
    effective: nothingInForce,
    delivery: null,
    lastMessage: null,
    plan: rows,
    notes: ['Nothing was made: this is the plan.', ...lowered],
    error: null,
  })

  return async (input: NewInput, call: Call): Promise<NewResult> => {
    if (input.dryRun) {
      const { draft, notes } = await draftOf(input, call)
      await catalogue.check(draft.settings, { cwd: draft.cwd, signal: call.signal })
      return planned(draft, notes)
    }
    return await audit.run('new', call, async (note) => {
      const { draft, notes: lowered } = await draftOf(input, call)
      if (draft.text !== null) note.detail(textToShape(draft.text))
      if (draft.goal !== null) {
        const { textLength: goalLength, textHash: goalHash } = textToShape(draft.goal)
        note.detail({ goalLength, goalHash })
      }
      if (input.presets?.length) note.detail({ presets: input.presets })
      const { name, title, cwd, ephemeral, settings, laneTools, parent } = draft
      const asked: CreationDraft = {
        ...{ name, title, cwd, ephemeral, settings, fork: null },
        ...(laneTools ? { laneTools } : {}),
        ...(parent ? { parent } : {}),
      }
      const since = clock.monotonic()
      const { lane, notes } = await createInTime(
        { draft: asked, op: 'new', input: inputOf(input) },
        input,
        call,
      )
      note.lane(lane)
      const unsent = draft.text !== null && input.send === false
      const goalNotes = await beginGoal(lane, draft, [input, call])
      const told = [
        ...notes,
        ...lowered,
        ...(unsent ? ['The text was not sent, and is not kept.'] : []),
        ...goalNotes,
      ]
      return made(lane, told, await firstMessage(lane, draft, [input, call, since]))
    })
  }
}
