// A turn that asks a person for a command, and the person's answer: what is asked may be answered before
// a crash, during it and after it, and the command is carried out once at most.
import type { Op, Script } from './op.ts'

type Listed = { requests: { id: string }[] }

/** The requests of that lane that wait, or of all. */
export const pendingRequests = async (
  { client }: Pick<Script, 'client'>,
  lane?: string,
): Promise<string[]> => {
  const signal = AbortSignal.timeout(10_000)
  const input = lane === undefined ? {} : { lane }
  const listed = (await client
    .call('request.list', 'query', input, { signal })
    .catch(() => ({ requests: [] }))) as Listed
  return listed.requests.map(({ id }) => id)
}

const ask: Op = {
  name: 'send, and its turn asks',
  weight: ({ gate }) => (gate === null ? 0.8 : 0),
  act: async (script) => {
    const { text } = script.question()
    const { fate } = await script.call({
      op: 'send',
      input: { lane: script.lane, text, approvalPolicy: 'untrusted' },
      text,
      mode: 'send',
    })
    if (fate !== 'refused') script.gate = ASKED
  },
}

const answer: Op = {
  name: 'request approve, request deny',
  weight: ({ gate }) => (gate === ASKED ? 6 : 0),
  act: async (script) => {
    script.gate = null
    for (const id of await pendingRequests(script, script.lane ?? '')) {
      const op = script.chance.is(0.7) ? 'request.approve' : 'request.deny'
      await script.call({ op, input: { id } })
    }
  },
}

/** The turn waits at no gate of the model: a person is asked. */
const ASKED = ' asked'

/** Ops on requests. */
export const requestOps: readonly Op[] = [ask, answer]
