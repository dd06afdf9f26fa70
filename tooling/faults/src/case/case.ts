// One case: scripts on lanes, side by side, while the plan kills; then everything comes to rest, each
// lane is asked once more, so that the model is given its whole history, and the truth is compared.
import { readFileSync } from 'node:fs'
import { begin } from '../ops/begin.ts'
import { ops } from '../ops/ops.ts'
import type { Script } from '../ops/op.ts'
import { journalOf, type Kill, writePlan } from '../plan.ts'
import type { World } from '../run/world.ts'
import type { RegistryView } from '../truth/registry.ts'
import { readRollouts } from '../truth/rollouts.ts'
import { judgeCase, type Verdict } from '../truth/verdict.ts'
import { type CallRecord, makeCalls } from './calls.ts'
import { makeChance } from './chance.ts'
import { settle } from './settle.ts'

/** What a case is made of: the same seed is the same scripts. */
export type CaseAsked = { seed: number; kills: Kill[] }

/** What came of a case. */
export type CaseResult = Verdict & {
  asked: CaseAsked
  /** Points that were passed, in order; a kill stands among them as `! target@point#n`. */
  passed: string[]
  calls: readonly CallRecord[]
  ms: number
}

const REST_MS = 30_000
const PROBE_MS = 30_000
const STEPS_MAX = 5

type Calls = ReturnType<typeof makeCalls>
type Running = { world: World; seed: number; calls: Calls }

const startScript = (number: number, { world, seed, calls }: Running): Script => {
  const chance = makeChance(seed * 64 + number)
  const client = world.client()
  const tag = `c${seed}s${number}`
  let messages = 0
  let lastPlain: string | null = null
  const script: Script = {
    number,
    chance,
    model: world.model,
    client,
    work: world.work,
    lane: null,
    gate: null,
    waiting: [],
    name: () => tag,
    message: ({ gated = false } = {}) => {
      if (!gated && lastPlain !== null && chance.is(0.08)) return { text: lastPlain, gate: null }
      messages += 1
      const name = `${tag}m${messages}`
      if (gated) return { text: `gate: ${name}\nreply: ${name}`, gate: name }
      lastPlain = `reply: ${name}`
      return { text: lastPlain, gate: null }
    },
    call: ({ mode, ...outgoing }) =>
      calls.make(client, {
        ...outgoing,
        ...(mode ? { mode } : {}),
        script: number,
        patient: chance.is(0.8),
      }),
  }
  return script
}

const runScript = async (script: Script): Promise<void> => {
  if (!(await begin(script))) return
  for (let left = 1 + script.chance.below(STEPS_MAX); left > 0; left -= 1) {
    const choices = ops.map((value) => ({ weight: value.weight(script), value }))
    await script.chance.weighted(choices)?.act(script)
  }
}

const openGates = (world: World, calls: Calls): void => {
  for (const { text } of calls.records) {
    const gate = /^gate: (\S+)/.exec(text ?? '')?.[1]
    if (gate !== undefined) world.model.open(gate)
  }
}

const hasQueue = ({ deliveries }: RegistryView, threadId: string): boolean =>
  deliveries.some((row) => row.threadId === threadId && row.state === 'queued')

const isOpenEnded = ({ deliveries }: RegistryView, threadId: string): boolean =>
  deliveries.some((row) => row.threadId === threadId && row.state === 'ambiguous')

/** Asks every lane of the case once; gives what did not answer. */
const probe = async (world: World, lanes: readonly string[], seed: number): Promise<string[]> => {
  await using client = world.client()
  const answers = lanes.map(async (lane): Promise<string | null> => {
    const text = `reply: probe ${seed}`
    const input = { lane, text, wait: true, timeoutSeconds: PROBE_MS / 1_000 }
    const signal = AbortSignal.timeout(PROBE_MS + 10_000)
    try {
      const answer = (await client.call('send', 'mutation', input, { signal })) as {
        error: { message: string } | null
      }
      return answer.error ? `lane ${lane} does not answer: ${answer.error.message}` : null
    } catch (error) {
      return `lane ${lane} does not answer: ${String(error)}`
    }
  })
  return (await Promise.all(answers)).filter((answer) => answer !== null)
}

/** Lets queues go on that somebody held. */
const resume = async (world: World, lanes: readonly string[]): Promise<void> => {
  await using client = world.client()
  for (const lane of lanes) await client.call('queue.resume', 'mutation', { lane })
}

const countServers = (world: World): string[] => {
  const alive = world.processes()
  return (['daemon', 'app-server'] as const).flatMap((kind) => {
    const several = alive.filter((process) => process.kind === kind)
    return several.length > 1
      ? [`${several.length} of ${kind}: ${several.map(({ pid }) => pid).join(', ')}`]
      : []
  })
}

/** Runs a case in a world where nothing is under way. */
export const runCase = async (world: World, asked: CaseAsked): Promise<CaseResult> => {
  const began = performance.now()
  const journalFrom = readFileSync(journalOf(world.folder)).length
  const { paths: before } = readRollouts(world.codexHome, new Set())
  const calls = makeCalls()
  writePlan(world.folder, { name: String(asked.seed), kills: asked.kills })
  const lanesWanted = 1 + makeChance(asked.seed).below(3)
  const scripts = Array.from({ length: lanesWanted }, (_, number) =>
    startScript(number, { world, seed: asked.seed, calls }),
  )
  await Promise.all(scripts.map(runScript))
  openGates(world, calls)
  await Promise.all(scripts.map(({ client }) => client.close()))

  await using client = world.client()
  const rest = () =>
    settle({
      file: world.registry,
      limitMs: REST_MS,
      call: () => client.call('daemon.status', 'query', {}).catch(() => null),
    })
  await rest()
  writePlan(world.folder, { name: String(asked.seed), kills: [] })
  // A kill may have come at the very end.
  const first = await rest()
  const ids = new Set(calls.records.map(({ id }) => id))
  const isOurs = (lane: { callId: string }): boolean => ids.has(lane.callId)
  const lanes = first.view.lanes
    .filter((lane) => isOurs(lane) && lane.archivedAt === null)
    .map(({ threadId }) => threadId)
    .filter((threadId) => !isOpenEnded(first.view, threadId))
  const silent = await probe(world, lanes, asked.seed)
  let last = await rest()
  // A queue that was held may have gone on behind the question.
  const held = lanes.filter((threadId) => hasQueue(first.view, threadId))
  if (held.length > 0) {
    await resume(world, held)
    await rest()
    silent.push(...(await probe(world, held, asked.seed)))
    last = await rest()
  }
  const { view } = last
  const { rollouts } = readRollouts(world.codexHome, new Set(before))
  const threads = new Set(view.lanes.filter(isOurs).map(({ threadId }) => threadId))
  const verdict = judgeCase({
    calls: calls.records,
    registry: {
      lanes: view.lanes.filter(isOurs),
      deliveries: view.deliveries.filter(({ threadId }) => threads.has(threadId)),
      creating: view.creating,
      pursuing: view.pursuing,
    },
    rollouts,
    given: new Map([...world.lastGiven].filter(([threadId]) => lanes.includes(threadId))),
    unrest: [...new Set([...first.unrest, ...last.unrest, ...silent, ...countServers(world)])],
  })
  const passed = readFileSync(journalOf(world.folder)).subarray(journalFrom).toString('utf8')
  return {
    ...verdict,
    asked,
    passed: passed.split('\n').filter((line) => line !== ''),
    calls: calls.records,
    ms: performance.now() - began,
  }
}
