// Long queues on many lanes, let go at once, while the App Server is killed again and again: every
// message is accepted once and in its lane's order, judged as a case of `run/` is. Nobody resumes
// anything: a turn that is cut by the loss of the App Server holds no queue.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { DispatchClient } from '@dispatch/client'
import { type Calls, makeCalls } from '../case/calls.ts'
import { makeChance } from '../case/chance.ts'
import { probe } from '../case/person.ts'
import { journalOf, type Kill, writePlan } from '../plan.ts'
import { type Defect, makeDaemonProgram } from '../run/daemon-program.ts'
import { type Driver, makeWorld, type World } from '../run/world.ts'
import { isServerLost, readRegistry, unrest } from '../truth/registry.ts'
import { readRollout, rolloutPaths } from '../truth/rollouts.ts'
import { type Finding, judgeCase, type Tally } from '../truth/verdict.ts'

/** What to run: so many lanes, so many messages on each, so many kills. */
export type QueuesAsked = {
  lanes: number
  each: number
  kills: number
  seed: number
  /** A world that found something stays on disk. */
  keep: boolean
  driver: Omit<Driver, 'program'>
  /** A daemon with this defect in it. */
  defect?: Defect
}

/** What came of it. */
export type QueuesResult = {
  lanes: number
  tally: Tally
  findings: Finding[]
  /** The kills that were carried out, in order. */
  kills: string[]
  /** Messages that the daemon shows as ambiguous. */
  shown: number
  /** Lanes that were asked again at the end, because the last kill had just ended their App Server. */
  repeats: number
  /** From the first message that was let go to rest. */
  seconds: number
  /** What `daemon status` took meanwhile, in ms. */
  reads: number[]
  /** Processes that outlived the world. */
  leftovers: string[]
  root: string
}

// Each is passed about once for a message.
const POINTS = [
  'wire turn/start before',
  'wire turn/start after',
  'read answer to turn/start',
  'read turn/started',
  'commit delivery.submitting after',
]

const LOOK_MS = 250
/** So long without a message more, and nothing is under way that comes to rest by itself. */
const STUCK_MS = 60_000

const textOf = (lane: number, number: number): string => `reply: q${lane}m${number}`

// So that all have their turn: their counts make up 60 % of the messages on the average.
const planOf = ({ lanes, each, kills, seed }: QueuesAsked): Kill[] => {
  const chance = makeChance(seed)
  const share = (lanes * each) / (kills + 1)
  return Array.from({ length: kills }, () => ({
    point: POINTS[chance.below(POINTS.length)] ?? '',
    nth: Math.max(1, Math.floor(share * (0.4 + 0.4 * chance.next()))),
    target: 'codex',
  }))
}

type Filling = { world: World; calls: Calls; asked: QueuesAsked }

/** Makes the lanes and puts their messages into queues that are held. */
const fill = async ({ world, calls, asked }: Filling, client: DispatchClient): Promise<void> => {
  const fillOne = async (script: number): Promise<void> => {
    const make = (op: string, input: Record<string, unknown>, text?: string) =>
      calls.make(client, {
        op,
        input,
        script,
        patient: true,
        ...(text === undefined ? {} : { text, mode: 'queue' }),
      })
    const { lane } = await make('new', { name: `q${script}`, cwd: world.work, send: false })
    await make('queue.pause', { lane })
    for (let number = 0; number < asked.each; number += 1) {
      const text = textOf(script, number)
      await make('send', { lane, text, mode: 'queue' }, text)
    }
  }
  await Promise.all(Array.from({ length: asked.lanes }, (_, script) => fillOne(script)))
}

/** Waits until nothing is under way; gives what still is where nothing goes on any more. */
const settle = async (world: World, look: () => Promise<void>): Promise<string[]> => {
  let left = Number.POSITIVE_INFINITY
  for (let changed = performance.now(); ;) {
    await look()
    const open = unrest(readRegistry(world.registry))
    if (open.length === 0) return []
    if (open.length !== left) changed = performance.now()
    left = open.length
    if (performance.now() - changed > STUCK_MS) return open
    await pause(LOOK_MS)
  }
}

const countShown = async (client: DispatchClient): Promise<number> => {
  let shown = 0
  for (let cursor: string | null | undefined; cursor !== null;) {
    const input = { state: 'ambiguous', limit: 200, ...(cursor === undefined ? {} : { cursor }) }
    const page = (await client.call('delivery.list', 'query', input)) as {
      deliveries: unknown[]
      nextCursor: string | null
    }
    shown += page.deliveries.length
    cursor = page.nextCursor
  }
  return shown
}

const killsIn = (journal: string): string[] =>
  journal.split('\n').flatMap((line) => (line.startsWith('! ') ? [line.slice(2)] : []))

const drain = async (world: World, asked: QueuesAsked) => {
  const calls = makeCalls()
  await using client = world.client()
  await fill({ world, calls, asked }, client)
  const lanes = readRegistry(world.registry).lanes.map(({ threadId }) => threadId)
  writePlan(world.folder, { name: String(asked.seed), kills: planOf(asked) })
  const began = performance.now()
  const reads: number[] = []
  await Promise.all(lanes.map((lane) => client.call('queue.resume', 'mutation', { lane })))
  const open = await settle(world, async () => {
    const before = performance.now()
    await client.call('daemon.status', 'query', {})
    reads.push(performance.now() - before)
  })
  const seconds = (performance.now() - began) / 1_000
  writePlan(world.folder, { name: String(asked.seed), kills: [] })
  const isUndecided = new Set(
    readRegistry(world.registry)
      .deliveries.filter(({ state }) => state === 'ambiguous')
      .map(({ threadId }) => threadId),
  )
  const answering = lanes.filter((lane) => !isUndecided.has(lane))
  const { silent, repeats } = await probe(client, {
    lanes: open.length > 0 ? [] : answering,
    seed: asked.seed,
    isServerLost: (id) => isServerLost(world.registry, id),
  })
  const shown = await countShown(client)
  return { calls, seconds, reads, repeats, unrest: [...open, ...silent], shown }
}

/** Runs it. */
export const runQueues = async (asked: QueuesAsked): Promise<QueuesResult> => {
  await using program = await makeDaemonProgram(asked.defect)
  const world = await makeWorld({ ...asked.driver, program: program.path })
  let findings: Finding[] = []
  const end = async () => await world.end({ keep: asked.keep && findings.length > 0 })
  try {
    const { calls, unrest: open, ...figures } = await drain(world, asked)
    const verdict = judgeCase({
      calls: calls.records,
      registry: readRegistry(world.registry),
      rollouts: rolloutPaths(world.codexHome).map(readRollout),
      ranTwice: [],
      given: world.lastGiven,
      unrest: open,
    })
    findings = verdict.findings
    const kills = killsIn(readFileSync(journalOf(world.folder), 'utf8'))
    const leftovers = (await end()).map(({ pid, command }) => `${pid} ${command}`)
    return { ...figures, ...verdict, lanes: asked.lanes, kills, leftovers, root: world.root }
  } catch (error) {
    await end()
    throw error
  }
}
