// Messages in each mode, also where they are refused: what was refused must never arrive.
import type { DeliveryMode } from '@dispatch/contract'
import type { Op, Script } from './op.ts'

const send = async (
  script: Script,
  { mode, gated = false, wait = false }: { mode: DeliveryMode; gated?: boolean; wait?: boolean },
): Promise<{ isTaken: boolean; gate: string | null }> => {
  const { text, gate } = script.message({ gated })
  const { id, fate, told } = await script.call({
    op: 'send',
    input: {
      lane: script.lane,
      text,
      ...(mode === 'send' ? {} : { mode }),
      ...(wait ? { wait, timeoutSeconds: 20 } : {}),
    },
    text,
    mode,
  })
  if (told === 'queued') script.waiting.push(id)
  return { isTaken: fate !== 'refused', gate }
}

const plain: Op = {
  name: 'send',
  weight: ({ gate }) => (gate === null ? 4 : 0.4),
  act: async (script) => {
    const isIdle = script.gate === null
    await send(script, { mode: 'send', wait: isIdle && script.chance.is(0.6) })
  },
}

const gated: Op = {
  name: 'send, and its turn stays open',
  weight: ({ gate }) => (gate === null ? 3 : 0),
  act: async (script) => {
    const { isTaken, gate } = await send(script, { mode: 'send', gated: true })
    if (isTaken) script.gate = gate
  },
}

const steer: Op = {
  name: 'steer',
  weight: ({ gate }) => (gate === null ? 0.2 : 2),
  act: async (script) => void (await send(script, { mode: 'steer' })),
}

const queue: Op = {
  name: 'queue',
  weight: ({ gate }) => (gate === null ? 1 : 3),
  act: async (script) => void (await send(script, { mode: 'queue' })),
}

// Its own lane alone, now and then beside one that there is not: the others' scripts know of no message.
const toSeveral: Op = {
  name: 'queue by send --to',
  weight: ({ gate }) => (gate === null ? 0.5 : 1.5),
  act: async (script) => {
    const { text } = script.message()
    const nobody = script.chance.is(0.3) ? ['@nobody'] : []
    const { id, told } = await script.call({
      op: 'sendTo',
      input: { to: [script.lane, ...nobody], text, mode: 'queue' },
      text,
      mode: 'queue',
    })
    if (told === 'queued') script.waiting.push(id)
  },
}

const interject: Op = {
  name: 'interject',
  weight: ({ gate }) => (gate === null ? 0.1 : 1.5),
  act: async (script) => {
    const { isTaken, gate } = await send(script, {
      mode: 'interject',
      gated: script.chance.is(0.3),
    })
    if (isTaken) script.gate = gate
  },
}

const context: Op = {
  name: 'context',
  weight: () => 1,
  act: async (script) => void (await send(script, { mode: 'context' })),
}

/** The modes of send. */
export const messageOps: readonly Op[] = [plain, gated, steer, queue, toSeveral, interject, context]
