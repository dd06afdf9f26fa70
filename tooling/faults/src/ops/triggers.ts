// A trigger that fires once, soon: while the script goes on, during a crash, or after it. Its message is
// judged like one that somebody sent, its occurrence by the registry.
import { systemClock } from '@dispatch/client'
import type { Op } from './op.ts'

const SOON_MS = 50
const LATER_MS = 800

const actions = ['send', 'queue', 'queue', 'brief', 'steer', 'new'] as const

const add: Op = {
  name: 'trigger add',
  weight: () => 0.8,
  act: async (script) => {
    const { chance, work } = script
    const { text } = script.message()
    const action = actions[chance.below(actions.length)] ?? 'queue'
    const time = new Date(systemClock.now() + SOON_MS + chance.below(LATER_MS)).toISOString()
    await script.call({
      op: 'trigger.add',
      input: {
        name: script.name(),
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

/** Ops on triggers. */
export const triggerOps: readonly Op[] = [add]
