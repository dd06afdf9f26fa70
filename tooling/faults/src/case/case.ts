// One case: scripts on lanes, side by side, while the plan kills; then everything comes to rest, each
// lane is asked once more, so that the model is given its whole history, and the truth is compared.
import type { DeliveryMode } from '@dispatch/contract'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { journalOf, type Kill, writePlan } from '../plan.ts'
import type { World } from '../run/world.ts'
import { isServerLost, type RegistryView, type RunRow } from '../truth/registry.ts'
import { readRollout, rolloutPaths } from '../truth/rollouts.ts'
import { judgeCase, type Verdict } from '../truth/verdict.ts'
import { type CallRecord, identify, makeCalls } from './calls.ts'
import { makeChance } from './chance.ts'
import { answerAll, probe, reachCodex, resume } from './person.ts'
import { openGates, runScript, type Scripting, startScript } from './script.ts'
import { settle } from './settle.ts'

/** What a case is made of: the same seed is the same scripts. */
export type CaseAsked = { seed: number; kills: Kill[] }

/** What came of a case. */
export type CaseResult = Verdict & {
  asked: CaseAsked
  /** Points that were passed, in order; a kill stands among them as `! target@point#n`. */
  passed: string[]
  /** Lanes that were asked again at the end: the last kill had just ended their App Server, or they worked at a goal. */
  repeats: number
  calls: readonly CallRecord[]
  ms: number
}

const REST_MS = 30_000
const LANES_MAX = 3

const hasQueue = ({ deliveries }: RegistryView, threadId: string): boolean =>
  deliveries.some((row) => row.threadId === threadId && row.state === 'queued')

const isOpenEnded = ({ deliveries }: RegistryView, threadId: string): boolean =>
  deliveries.some((row) => row.threadId === threadId && row.state === 'ambiguous')

// A command that a person was asked for is carried out once at most.
const ranTwice = (world: World, seed: number): string[] =>
  readdirSync(world.work)
    .filter((name) => name.startsWith(`c${seed}s`) && name.endsWith('.ran'))
    .filter((name) => readFileSync(join(world.work, name), 'utf8') !== 'ran\n')

const countServers = (world: World): string[] => {
  const alive = world.processes()
  return (['daemon', 'app-server'] as const).flatMap((kind) => {
    const several = alive.filter((process) => process.kind === kind)
    return several.length > 1
      ? [`${several.length} of ${kind}: ${several.map(({ pid }) => pid).join(', ')}`]
      : []
  })
}

/** The scripts, side by side, while the plan kills. */
const play = async (scripting: Scripting): Promise<void> => {
  const lanes = 1 + makeChance(scripting.seed).below(LANES_MAX)
  const scripts = Array.from({ length: lanes }, (_, number) => startScript(number, scripting))
  await Promise.all(scripts.map(runScript))
  openGates(scripting)
  await Promise.all(scripts.map(({ client }) => client.close()))
}

/** Brings everything to rest and asks each lane, so that the model is given its whole history. */
const conclude = async ({ world, seed, calls }: Scripting) => {
  await using client = world.client()
  const rest = () =>
    settle({ file: world.registry, limitMs: REST_MS, call: () => answerAll(client) })
  await rest()
  writePlan(world.folder, { name: String(seed), kills: [] })
  // A kill may have come at the very end, with nothing under way that would miss what was killed.
  await reachCodex(client)
  const first = await rest()
  const ids = new Set(calls.records.map(({ id }) => id))
  const lanes = first.view.lanes
    .filter(({ callId, archivedAt }) => ids.has(callId) && archivedAt === null)
    .map(({ threadId }) => threadId)
    .filter((threadId) => !isOpenEnded(first.view, threadId))
  const asking = { seed, isServerLost: (id: string) => isServerLost(world.registry, id) }
  const { silent, repeats } = await probe(client, { lanes, ...asking })
  let repeated = repeats
  let last = await rest()
  // A queue that was held may have gone on behind the question.
  const held = lanes.filter((threadId) => hasQueue(first.view, threadId))
  if (held.length > 0) {
    await resume(client, held)
    await rest()
    const again = await probe(client, { lanes: held, ...asking })
    silent.push(...again.silent)
    repeated += again.repeats
    last = await rest()
  }
  await identify(client, calls.records)
  const unrest = [...first.unrest, ...last.unrest, ...silent, ...countServers(world)]
  return { view: last.view, lanes, unrest: [...new Set(unrest)], repeats: repeated }
}

const isRunOf = ({ calls }: Scripting): ((run: RunRow) => boolean) => {
  const ids = new Set(calls.records.map(({ id }) => id))
  return ({ triggerId }) => ids.has(triggerId)
}

/** The messages of triggers, as calls that nobody but the registry knows of. */
const firedOf = ({ runs, triggers }: RegistryView): CallRecord[] =>
  runs.map(({ id, triggerId, mode, outcome, laneId }) => ({
    at: 0,
    callId: id,
    id,
    op: 'trigger.fire',
    script: -1,
    about: triggerId,
    text: triggers.find((trigger) => trigger.id === triggerId)?.text ?? '',
    mode: mode === 'new' ? 'send' : ((mode ?? 'send') as DeliveryMode),
    fate: 'answered',
    error: null,
    told: outcome === 'fired' ? 'queued' : null,
    lane: laneId,
    tries: 1,
  }))

// The world has lanes of earlier cases, too.
const ownOf = (view: RegistryView, scripting: Scripting): RegistryView => {
  const runs = view.runs.filter(isRunOf(scripting))
  const ids = new Set([...scripting.calls.records, ...runs].map(({ id }) => id))
  const asked = view.lanes.filter(({ callId }) => ids.has(callId))
  const makers = new Set(asked.map(({ threadId }) => threadId))
  const ofAgents = view.lanes.filter(({ parentId }) => parentId !== null && makers.has(parentId))
  const lanes = [...asked, ...ofAgents]
  const threads = new Set(lanes.map(({ threadId }) => threadId))
  return {
    ...view,
    lanes,
    runs,
    deliveries: view.deliveries.filter(({ threadId }) => threads.has(threadId)),
  }
}

/** Runs a case in a world where nothing is under way. */
export const runCase = async (world: World, asked: CaseAsked): Promise<CaseResult> => {
  const began = performance.now()
  const journalFrom = readFileSync(journalOf(world.folder)).length
  const before = new Set(rolloutPaths(world.codexHome))
  const scripting = { world, seed: asked.seed, calls: makeCalls() }
  writePlan(world.folder, { name: String(asked.seed), kills: asked.kills })
  await play(scripting)
  const { view, lanes, unrest, repeats } = await conclude(scripting)
  const registry = ownOf(view, scripting)
  const verdict = judgeCase({
    calls: [...scripting.calls.records, ...firedOf(registry)],
    registry,
    rollouts: rolloutPaths(world.codexHome)
      .filter((path) => !before.has(path))
      .map(readRollout),
    ranTwice: ranTwice(world, asked.seed),
    given: new Map([...world.lastGiven].filter(([threadId]) => lanes.includes(threadId))),
    unrest,
  })
  const passed = readFileSync(journalOf(world.folder)).subarray(journalFrom).toString('utf8')
  return {
    ...verdict,
    asked,
    passed: passed.split('\n').filter((line) => line !== ''),
    repeats,
    calls: scripting.calls.records,
    ms: performance.now() - began,
  }
}
