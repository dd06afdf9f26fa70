// What happens to the turn that runs: stopped, let go on, waited for.
import type { Op, Script } from './op.ts'

// A wait that a crash cut is no loss: what it waits for is looked at in the end.
const waitForIdle = async ({ client, lane }: Script): Promise<void> => {
  const input = { lanes: [lane], timeoutSeconds: 10 }
  const signal = AbortSignal.timeout(20_000)
  await client.call('wait', 'query', input, { signal }).catch(() => null)
}

const stop: Op = {
  name: 'stop',
  weight: ({ gate }) => (gate === null ? 0.2 : 1),
  act: async (script) => {
    const { fate } = await script.call({ op: 'stop', input: { lane: script.lane } })
    if (fate === 'answered') script.gate = null
  },
}

const open: Op = {
  name: 'let the turn go on',
  weight: ({ gate }) => (gate === null ? 0 : 2),
  act: async (script) => {
    if (script.gate !== null) script.model.open(script.gate)
    script.gate = null
    if (script.chance.is(0.7)) await waitForIdle(script)
  },
}

const wait: Op = {
  name: 'wait',
  weight: ({ gate }) => (gate === null ? 2 : 0),
  act: waitForIdle,
}

/** Ops on turns. */
export const turnOps: readonly Op[] = [stop, open, wait]
