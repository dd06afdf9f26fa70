// Triggers that fire soon: while the script goes on, during a crash, or after it. Those of a time do once,
// the others again and again until their end; and what a person does with them. Their messages are judged
// like what somebody sent, their occurrences by the registry.
import { systemClock } from '@dispatch/client'
import type { Op, Outgoing, Script } from './op.ts'

const SOON_MS = 50
const LATER_MS = 800

const actions = ['send', 'queue', 'queue', 'brief', 'steer', 'new'] as const

/** Those that go on end so much later. */
const END_MS = 1_500

/** Like no other: what a removed one has sent is nobody's message any more. */
const textOf = (script: Script): string =>
  `${script.message().text} by trigger ${script.chance.below(1_000_000_000)}`

/** A name is that of one trigger. */
const nameOf = ({ name, chance }: Script): string => `${name()}t${chance.below(1_000_000_000)}`

const adding = async (script: Script, outgoing: Outgoing): Promise<void> => {
  const { id, fate } = await script.call(outgoing)
  if (fate === 'answered') script.triggers.push(id)
}

const add: Op = {
  name: 'trigger add',
  weight: () => 0.8,
  act: async (script) => {
    const { chance, work } = script
    const text = textOf(script)
    const action = actions[chance.below(actions.length)] ?? 'queue'
    const time = new Date(systemClock.now() + SOON_MS + chance.below(LATER_MS)).toISOString()
    await adding(script, {
      op: 'trigger.add',
      input: {
        name: nameOf(script),
        when: 'at',
        time,
        action,
        // Texts are counted by lane, so that of another lane is no other's.
        ...(action === 'new'
          ? { text: `${text} elsewhere`, cwd: work }
          : { text, lane: script.lane }),
      },
    })
  },
}

const repeat: Op = {
  name: 'trigger add again and again',
  weight: () => 0.5,
  act: async (script) => {
    const { chance } = script
    const until = new Date(systemClock.now() + END_MS).toISOString()
    const when = chance.is(0.5)
      ? { when: 'interval', seconds: (SOON_MS * 4) / 1_000 + chance.below(5) / 10 }
      : { when: 'turn_completed' }
    await adding(script, {
      op: 'trigger.add',
      input: {
        ...when,
        name: nameOf(script),
        lane: script.lane,
        text: textOf(script),
        action: chance.is(0.5) ? 'send' : 'queue',
        until,
      },
    })
  },
}

const some = ({ chance, triggers }: Script): string => triggers[chance.below(triggers.length)] ?? ''

const run: Op = {
  name: 'trigger run',
  weight: ({ triggers }) => (triggers.length === 0 ? 0 : 0.5),
  act: async (script) => {
    const trigger = some(script)
    await script.call({ op: 'trigger.run', input: { trigger }, about: trigger })
  },
}

const remove: Op = {
  name: 'trigger rm',
  weight: ({ triggers }) => (triggers.length === 0 ? 0 : 0.4),
  act: async (script) => {
    const trigger = some(script)
    script.triggers.splice(script.triggers.indexOf(trigger), 1)
    await script.call({ op: 'trigger.rm', input: { trigger }, about: trigger })
  },
}

/** Ops on triggers. */
export const triggerOps: readonly Op[] = [add, repeat, run, remove]
