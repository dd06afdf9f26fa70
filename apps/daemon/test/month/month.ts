// The month as it goes: one daemon after the other, killed by chance and down for a while, and what came
// of it all.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TriggerRow, TriggerRunRecord } from '@dispatch/store'
import { laneRow } from '../bench.ts'
import { type Codex, makeCodex, type Told } from './codex.ts'
import { type MonthDaemon, personCall, startMonthDaemon } from './daemon.ts'
import { END, HOUR, LAST, makePlan, MINUTE, START } from './plan.ts'
import { makeChance, makeTime } from './time.ts'

/** What is known of the month beside the occurrences. */
export type Month = {
  triggers: readonly TriggerRow[]
  /** Of each trigger by its id, oldest first. */
  runs: ReadonlyMap<string, readonly TriggerRunRecord[]>
  codex: Codex
  daemons: readonly { start: number; end: number | null }[]
  /** When it was written that messages failed: on their way at a kill, and Codex has them not. */
  failed: ReadonlyMap<string, number>
  waits: ReadonlyMap<string, { lane: string; from: number; to: number | null }>
  cursors: ReadonlyMap<string, { told: Told; at: number }>
  /** Lanes that triggers made and that are not put away. */
  leftLanes: readonly string[]
}

const PLANNED_STOPS = 14
/** Points of life that a daemon has at most before it is killed. */
const FUSE_MAX = 500

/** :40 of a minute: beside everything that is planned. */
const startAfter = (at: number, ms: number): number =>
  Math.ceil((at + ms - 40_000 + 1) / MINUTE) * MINUTE + 40_000

/** Lets it go by. */
export const runMonth = async (seed: number): Promise<Month> => {
  using stack = new DisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'dispatch-month-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const chance = makeChance(seed)
  const plan = makePlan(chance)
  const time = makeTime(START)
  const daemons: MonthDaemon[] = []
  const missed: Told[] = []
  const failed = new Map<string, number>()
  const waits: Map<string, { lane: string; from: number; to: number | null }> = new Map()
  const cursors = new Map<string, { told: Told; at: number }>()
  let ids = 0
  const newId = (): string => {
    ids += 1
    return `01900000-0000-7000-8000-${String(ids).padStart(12, '0')}`
  }

  const living = (): MonthDaemon | null => {
    const last = daemons.at(-1)
    return last && last.end() === null ? last : null
  }
  const codex = makeCodex(time, (told) => {
    const daemon = living()
    if (daemon) daemon.tell(told)
    else missed.push(told)
  })
  const turnMs = (lane: string): number =>
    [17_000, 97_000, 1_207_000][Number(lane.slice(-1)) % 3] ?? 17_000

  const begin = (fuse: number | null): MonthDaemon => {
    const file = join(folder, 'registry.db')
    const told = missed.splice(0)
    const shared = { file, time, codex, newId, failed, waits, cursors, turnMs }
    const daemon = startMonthDaemon({ ...shared, fuse, missed: told })
    stack.use(daemon.store)
    daemons.push(daemon)
    return daemon
  }

  const first = begin(null)
  for (const id of plan.lanes) {
    const ref = first.store.refs.allocate(id)
    first.store.lanes.insert(laneRow(id, { ref, createdAt: START }))
  }
  for (const input of plan.triggers) await first.trigger.add(input, personCall(newId()))
  for (const { lane, at, ms, outcome, asks } of plan.work) {
    const beginning = { ms, outcome, ...(asks ? { asks } : {}) }
    time.at(at, () => void codex.begin(lane, beginning))
  }
  for (let stop = 0; stop < PLANNED_STOPS; stop += 1) {
    time.at(START + HOUR + chance.below(30 * 24 * 60) * MINUTE + 30_000, () => living()?.kill())
  }
  time.at(START + 13 * HOUR + 30_000, () => first.kill())

  let isAwaited = false
  while (await time.step(END)) {
    if (isAwaited || living() !== null) continue
    isAwaited = true
    const away = chance.is(0.5)
      ? chance.below(90) * 1_000
      : chance.one([5, 10, 50, 50, 300, 300, 1_400, 4_000] as const) * MINUTE
    time.at(startAfter(time.now(), away), () => {
      isAwaited = false
      begin(1 + chance.below(FUSE_MAX))
    })
  }

  living()?.kill()
  // The last one only finishes what is to be done.
  let last = first
  time.at(LAST, () => void (last = begin(null)))
  while (await time.step(LAST)) await Promise.resolve()
  const { store } = last
  const list = { laneId: null, state: null, limit: 1_000, after: null }
  const triggers = store.triggers.list(list)
  const runs = new Map(
    triggers.map(({ id }) => {
      const query = { triggerId: id, outcome: null, limit: 100_000, before: null }
      return [id, store.triggerRuns.list(query).toReversed()] as const
    }),
  )
  return {
    triggers,
    runs,
    codex,
    daemons: daemons.map((daemon) => ({ start: daemon.start, end: daemon.end() })),
    failed,
    waits,
    cursors,
    leftLanes: store.triggerRuns.madeLanes().filter((lane) => codex.active(lane) === null),
  }
}
