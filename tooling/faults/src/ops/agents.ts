// Turns whose agent uses the tools of its lane: it makes a lane, and sends it one more message. What Codex
// has not been answered it asks the next daemon; each is done once all the same.
import type { Op } from './op.ts'

const NAMES = 1_000_000_000

/** What an agent's lane is told by that name, in the order in which it is. */
export const agentTexts = (name: string): string[] => [`reply: ${name}`, `reply: ${name} again`]

/** What a call is about whose agent makes the lane of that name. */
export const AGENT = 'agent '

const makes: Op = {
  name: 'send, and its agent makes a lane',
  weight: ({ gate }) => (gate === null ? 0.8 : 0),
  act: async (script) => {
    const { chance } = script
    const name = `${script.name()}a${chance.below(NAMES)}`
    const [first, again] = agentTexts(name)
    const wait = chance.is(0.5)
    const text = [
      `tool: dispatch_new ${JSON.stringify({ name, text: first, ...(wait ? { wait } : {}) })}`,
      `tool: dispatch_send ${JSON.stringify({ lane: `@${name}`, text: again, mode: 'queue' })}`,
      `reply: by ${name}`,
    ].join('\n')
    await script.call({
      op: 'send',
      input: { lane: script.lane, text },
      text,
      mode: 'send',
      about: `${AGENT}${name}`,
    })
  },
}

/** Ops that agents carry out. */
export const agentOps: readonly Op[] = [makes]
