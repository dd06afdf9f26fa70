// A goal that is reached with its first turn: Codex starts that turn by itself, between those of messages.
import type { Op } from './op.ts'

const set: Op = {
  name: 'goal set',
  weight: ({ gate }) => (gate === null ? 0.5 : 0.3),
  act: async (script) => {
    const objective = 'tool: update_goal {"status":"complete"}'
    await script.call({ op: 'goal.set', input: { lane: script.lane, objective } })
  },
}

const clear: Op = {
  name: 'goal clear',
  weight: () => 0.1,
  act: async (script) => {
    await script.call({ op: 'goal.clear', input: { lane: script.lane } })
  },
}

/** Ops on goals. */
export const goalOps: readonly Op[] = [set, clear]
