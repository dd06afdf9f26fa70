// What a person does with messages that wait: takes one back, puts one first, holds the queue and lets it
// go on.
import type { Op, Script } from './op.ts'

const some = ({ chance, waiting }: Script): string | undefined =>
  waiting[chance.below(waiting.length)]

const cancel: Op = {
  name: 'queue cancel',
  weight: ({ waiting }) => (waiting.length === 0 ? 0 : 0.7),
  act: async (script) => {
    await script.call({ op: 'queue.cancel', input: { target: some(script) } })
  },
}

const move: Op = {
  name: 'queue move',
  weight: ({ waiting }) => (waiting.length < 2 ? 0 : 0.3),
  act: async (script) => {
    await script.call({ op: 'queue.move', input: { message: some(script), first: true } })
  },
}

const pause: Op = {
  name: 'queue pause',
  weight: () => 0.2,
  act: async (script) => {
    await script.call({ op: 'queue.pause', input: { lane: script.lane } })
  },
}

const resume: Op = {
  name: 'queue resume',
  weight: ({ waiting }) => (waiting.length === 0 ? 0.1 : 0.5),
  act: async (script) => {
    await script.call({ op: 'queue.resume', input: { lane: script.lane } })
  },
}

/** Ops on queues. */
export const queueOps: readonly Op[] = [cancel, move, pause, resume]
