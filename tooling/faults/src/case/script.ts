// One script of a case: the ops that it chooses by chance on a lane of its own, one after the other.
import { join } from 'node:path'
import { begin } from '../ops/begin.ts'
import type { Script } from '../ops/op.ts'
import { ops } from '../ops/ops.ts'
import type { World } from '../run/world.ts'
import type { Calls } from './calls.ts'
import { makeChance } from './chance.ts'

const STEPS_MAX = 5

/** What the scripts of a case share. */
export type Scripting = { world: World; seed: number; calls: Calls }

/** Makes the script of that number. */
export const startScript = (number: number, { world, seed, calls }: Scripting): Script => {
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
    triggers: [],
    name: () => tag,
    message: ({ gated = false } = {}) => {
      if (!gated && lastPlain !== null && chance.is(0.08)) return { text: lastPlain, gate: null }
      messages += 1
      const name = `${tag}m${messages}`
      if (gated) return { text: `gate: ${name}\nreply: ${name}`, gate: name }
      lastPlain = `reply: ${name}`
      return { text: lastPlain, gate: null }
    },
    question: () => {
      messages += 1
      const name = `${tag}m${messages}`
      return { text: `shell: echo ran >> ${join(world.work, name)}.ran\nreply: ${name}` }
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

/** Runs it to its end, or until it does not learn which lane it made. */
export const runScript = async (script: Script): Promise<void> => {
  if (!(await begin(script))) return
  for (let left = 1 + script.chance.below(STEPS_MAX); left > 0; left -= 1) {
    const choices = ops.map((value) => ({ weight: value.weight(script), value }))
    await script.chance.weighted(choices)?.act(script)
  }
}

/** Opens every gate at which a turn of the case may wait, now or later. */
export const openGates = ({ world, calls }: Scripting): void => {
  for (const { text } of calls.records) {
    const gate = /^gate: (\S+)/.exec(text ?? '')?.[1]
    if (gate !== undefined) world.model.open(gate)
  }
}
