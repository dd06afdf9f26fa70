// What should have become of every trigger of the month, from the rules as they are written: the times
// of a walk by the clock, what happened in Codex, and when daemons were there. Of a moment at which a
// daemon was killed, and of a delay by chance, it takes from the occurrences how far things had come;
// what follows from it, it reckons itself.
import type { TriggerRow, TriggerRunRecord } from '@dispatch/store'
import type { Turn } from './codex.ts'
import type { Month } from './month.ts'
import { LAST, SMALL_JITTER, START } from './plan.ts'

/** An occurrence as it should be. */
export type Expected = {
  key: string
  outcome: string
  /** Words that mean the same where a lane became busy between the decision and the message. */
  reasons: readonly (string | null)[]
  /** When it was taken up. */
  at: number
  /** Times that one row stands for. */
  count: number
}

const BACKOFF = 30_000
const GRACE = 60_000
const CATCH_UP_MAX = 100

type State = {
  fires: number
  lastFired: number | null
  failures: number
  rests: { from: number; to: number } | null
  taken: number | null
}
type Chance = {
  key: string
  at: number
  chain: readonly string[]
  /** Another one of the trigger was taken up at the same moment, and is on its way. */
  behind?: boolean
}

/** What should have become of triggers. */
export const makeOracle = (month: Month, timesOf: (trigger: TriggerRow) => number[]) => {
  const { codex, daemons, waits } = month
  const waitsOf = Map.groupBy(waits, ([, { lane }]) => lane)
  const allRuns = new Map([...month.runs.values()].flat().map((run) => [run.id, run]))
  const turnsOf = Map.groupBy(codex.turns, ({ lane }) => lane)
  const killed = new Set(daemons.map(({ end }) => end))
  const told = [...month.cursors].map(([cursor, { told: what, at }]) => ({ cursor, what, at }))
  const toldOf = Map.groupBy(
    told,
    ({ what }) => ('turn' in what ? what.turn : what.asked.turn).lane,
  )

  const runsByKey = new Map(
    [...allRuns.values()].map((run) => [`${run.triggerId} ${run.key}`, run]),
  )
  const runOf = ({ id }: TriggerRow, key: string): TriggerRunRecord | undefined =>
    runsByKey.get(`${id} ${key}`)

  const nextStart = (after: number): number | null =>
    daemons.find(({ start }) => start > after)?.start ?? null

  const isUp = (at: number): boolean =>
    daemons.some(({ start, end }) => start <= at && at <= (end ?? LAST))

  // The first moment from `at` on at which a daemon did it; `isDone` is asked of a daemon's last one.
  const doneAt = (at: number, isDone: (moment: number) => boolean): number | null => {
    let moment: number | null = isUp(at) ? at : nextStart(at)
    while (moment !== null && killed.has(moment) && !isDone(moment)) moment = nextStart(moment)
    return moment
  }

  const triggersOfTurn = (turn: Turn | null | undefined): string[] => {
    const run = turn?.message == null ? undefined : allRuns.get(turn.message)
    if (!run) return []
    const [, cursor] = /^event:(.*)$/.exec(run.key) ?? []
    const what = cursor === undefined ? undefined : month.cursors.get(cursor)?.told
    const before =
      run.cause === 'idle'
        ? codex.turns.find(({ id }) => id === run.key.split(':')[1])
        : what && ('turn' in what ? what.turn : what.asked.turn)
    return [...triggersOfTurn(before), run.triggerId]
  }

  const orderOf = (message: string | null): number =>
    message === null ? 0 : (allRuns.get(message)?.seq ?? 0)

  // What began at that very moment was there before an occurrence that is written down behind it.
  const isWithin = (from: number, to: number | null, at: number, isBefore: boolean): boolean =>
    (from < at || (from === at && isBefore)) && (to === null || at < to)

  const isBusy = (lane: string | null, at: number, order: number): boolean => {
    const turns = (turnsOf.get(lane ?? '') ?? []).some(({ start, end, message }) =>
      isWithin(start, end, at, orderOf(message) < order),
    )
    return (
      turns ||
      (waitsOf.get(lane ?? '') ?? []).some(([message, { from, to }]) =>
        isWithin(from, to === at ? null : to, at, orderOf(message) < order),
      )
    )
  }

  const laneOf = (trigger: TriggerRow, at: number, order: number): string | null => {
    if (trigger.action !== 'new') return trigger.laneId
    const made = (month.runs.get(trigger.id) ?? []).findLast(
      (run) => run.outcome === 'fired' && run.seq < order && (run.firedAt ?? at) <= at,
    )
    return made?.laneId ?? null
  }

  const refusalOf = (trigger: TriggerRow, state: State, chance: Chance): string[] | null => {
    const { id, kind, spec, action, laneId, sourceId } = trigger
    const { at, chain, key } = chance
    if (chain.includes(id)) return ['loop']
    if (chain.length > 0 && kind !== 'idle_for' && laneId === sourceId) return ['caused_by_trigger']
    if (state.rests && at >= state.rests.from && at < state.rests.to) return ['backing_off']
    // One that was taken up at the same moment counts, whatever becomes of it.
    const last = state.taken === at ? at : state.lastFired
    const since = last === null ? null : at - last
    if (spec.minIntervalMs !== null && since !== null && since < spec.minIntervalMs)
      return ['min_interval']
    const run = runOf(trigger, key)
    const order = run?.seq ?? Infinity
    // What was on disk when its daemon was killed meets the lane later.
    const isLater = killed.has(at) && action !== 'brief'
    const met = isLater ? (codex.messages.get(run?.id ?? '') ?? at) : at
    const isOnItsWay = chance.behind === true
    if (!isOnItsWay && !isBusy(laneOf(trigger, met, order), met, order)) return null
    if (spec.idleOnly) return ['idle_only', 'busy']
    return action === 'queue' || spec.overlap === 'queue' ? null : ['busy']
  }

  // One that was on disk when its daemon was killed is gone on with by the next.
  const fateOf = (
    trigger: TriggerRow,
    { key, at }: Chance,
  ): Pick<Expected, 'outcome' | 'reasons'> => {
    const run = runOf(trigger, key)
    const fired = { outcome: 'fired', reasons: [null] } as const
    if (!run || !killed.has(at) || codex.messages.has(run.id)) return fired
    if (waits.has(run.id)) return fired
    if (month.failed.has(run.id)) return { outcome: 'failed', reasons: ['error'] }
    let again = nextStart(at)
    while (again !== null && !isBusy(trigger.laneId, again, run.seq) && killed.has(again))
      again = nextStart(again)
    const isRefused = again !== null && isBusy(trigger.laneId, again, run.seq)
    return isRefused ? { outcome: 'skipped', reasons: ['busy'] } : fired
  }

  const takeUp = (trigger: TriggerRow, state: State, chance: Chance): Expected => {
    const { key, at } = chance
    const refusal = refusalOf(trigger, state, chance)
    if (!refusal) state.taken = at
    if (refusal) return { key, outcome: 'skipped', reasons: refusal, at, count: 1 }
    const fate = fateOf(trigger, chance)
    if (fate.outcome === 'fired') {
      state.fires += 1
      state.failures = 0
      state.rests = null
      const run = runOf(trigger, key)
      state.lastFired = killed.has(at) ? (run?.firedAt ?? at) : at
    } else if (fate.outcome === 'failed') {
      const from = month.failed.get(runOf(trigger, key)?.id ?? '') ?? at
      state.rests = { from, to: from + BACKOFF * 2 ** state.failures }
      state.failures += 1
    }
    return { key, ...fate, at, count: 1 }
  }

  const isSpent = ({ spec }: TriggerRow, { fires }: State): boolean =>
    spec.maxFires !== null && fires >= spec.maxFires

  const lookAt = (trigger: TriggerRow, time: number): number | null => {
    const isTaken = (moment: number): boolean =>
      (month.runs.get(trigger.id) ?? []).some(
        (run) => run.createdAt === moment && run.scheduledAt >= time,
      )
    const jitter = trigger.spec.jitterMs ?? 0
    const taken = runOf(trigger, `time:${time}`)?.createdAt
    const isDelayed = taken !== undefined && taken <= time + jitter && isUp(taken)
    // Its time came while nobody was there.
    const isBelated = daemons.some(({ start }, index) => {
      const end = daemons[index - 1]?.end
      return start === taken && end != null && end <= time + jitter
    })
    if (jitter === 0 || !(isDelayed || isBelated)) {
      const down = daemons.find(({ end }) => end !== null && end >= time && end <= time + jitter)
      const from = jitter > 0 && isUp(time) ? nextStart(down?.end ?? LAST) : time
      return from === null ? null : doneAt(from, isTaken)
    }
    return taken ?? null
  }

  const isPast = ({ spec }: TriggerRow, at: number): boolean =>
    spec.until !== null && at - (spec.jitterMs ?? 0) >= spec.until

  const chooseTimes = (trigger: TriggerRow, passed: readonly number[], at: number): number[] => {
    const { spec } = trigger
    const newest = passed.at(-1) ?? 0
    const late = at - newest - (spec.jitterMs ?? 0)
    if (isPast(trigger, at) || spec.catchUp === 'skip') return late <= GRACE ? [newest] : []
    return spec.catchUp === 'all' ? passed.slice(-CATCH_UP_MAX) : [newest]
  }

  const timed = (trigger: TriggerRow): Expected[] => {
    const times = timesOf(trigger)
    const state: State = { fires: 0, lastFired: null, failures: 0, rests: null, taken: null }
    const { spec } = trigger
    const isLate = (spec.jitterMs ?? 0) > SMALL_JITTER * 1_000
    const found: Expected[] = []
    let place = 0
    const take = (time: number, at: number): void => {
      const key = `time:${time}`
      // What is taken up with the last one that fires is passed over.
      if (isSpent(trigger, state)) {
        found.push({ key, outcome: 'skipped', reasons: ['busy'], at, count: 1 })
        return
      }
      // A context leaves the lane as it is; what makes a turn does not.
      const behind = state.taken === at && trigger.action !== 'brief'
      found.push(takeUp(trigger, state, { key, at, chain: [], behind }))
    }
    while (place < times.length && !isSpent(trigger, state)) {
      const time = times[place] ?? 0
      const at = lookAt(trigger, time)
      if (at === null) break
      let passed = times.slice(place).filter((one) => one <= at)
      if (isLate && !isPast(trigger, at)) passed = [time]
      const acts = chooseTimes(trigger, passed, at)
      const left = passed.length - acts.length
      const lastLeft = passed[left - 1]
      if (lastLeft !== undefined)
        found.push({
          key: `missed:${lastLeft}`,
          outcome: 'missed',
          reasons: ['not_running'],
          at,
          count: left,
        })
      for (const one of acts) take(one, at)
      place += passed.length
    }
    return found
  }

  // An earlier one that was not settled before that moment.
  const isOneOnItsWay = ({ id }: TriggerRow, at: number): boolean =>
    (month.runs.get(id) ?? []).some(
      (run) =>
        run.mode !== null &&
        run.createdAt <= at &&
        (run.firedAt ?? month.failed.get(run.id) ?? Infinity) >= at,
    )

  const happened = (trigger: TriggerRow): Expected[] => {
    const state: State = { fires: 0, lastFired: null, failures: 0, rests: null, taken: null }
    const { kind, spec } = trigger
    return (toldOf.get(trigger.sourceId ?? '') ?? []).flatMap(({ cursor, what, at: since }) => {
      const isIt =
        kind === 'turn_completed'
          ? what.is === 'ended' && spec.outcomes.includes(what.turn.outcome)
          : what.is === 'asked'
      if (!isIt || (spec.until !== null && since >= spec.until)) return []
      const key = `event:${cursor}`
      const at = doneAt(since, (moment) => runOf(trigger, key)?.createdAt === moment)
      if (at === null) return []
      const isOver = what.is === 'asked' && what.asked.to !== null && what.asked.to < at
      if (isOver) return []
      const chain = triggersOfTurn('turn' in what ? what.turn : what.asked.turn)
      // How far one that is on its way has come by then is chance, but for two turns at once.
      const isSure = state.taken === at && trigger.action !== 'brief'
      const reason = runOf(trigger, key)?.reason
      const isMet = (reason === 'busy' || reason === 'idle_only') && isOneOnItsWay(trigger, at)
      // While the last one that fires is on its way, it may fail yet: what comes meanwhile is passed over.
      if (isSpent(trigger, state)) {
        return isMet ? [{ key, outcome: 'skipped', reasons: ['busy'], at, count: 1 }] : []
      }
      const behind = isSure || isMet
      return takeUp(trigger, state, { key, at, chain, behind })
    })
  }

  const rested = (trigger: TriggerRow): Expected[] => {
    const state: State = { fires: 0, lastFired: null, failures: 0, rests: null, taken: null }
    const { spec, sourceId } = trigger
    const turns = turnsOf.get(sourceId ?? '') ?? []
    const stretches = [
      { id: 'none', from: START, turn: null as Turn | null },
      ...turns.flatMap((turn) =>
        turn.end === null ? [] : [{ id: turn.id, from: turn.end, turn }],
      ),
    ]
    return stretches.flatMap(({ id, from, turn }, index) => {
      const key = `idle:${id}:${from}`
      const due = from + (spec.everyMs ?? 0)
      const at = doneAt(due, (moment) => runOf(trigger, key)?.createdAt === moment)
      if (at === null || at > LAST || isSpent(trigger, state)) return []
      const next = turns[index]
      const order = runOf(trigger, key)?.seq ?? Infinity
      if (next && isWithin(next.start, null, at, orderOf(next.message) < order)) return []
      if (spec.until !== null && at >= spec.until) return []
      return takeUp(trigger, state, { key, at, chain: triggersOfTurn(turn) })
    })
  }

  return (trigger: TriggerRow): Expected[] => {
    if (trigger.kind === 'idle_for') return rested(trigger)
    return trigger.sourceId === null ? timed(trigger) : happened(trigger)
  }
}
