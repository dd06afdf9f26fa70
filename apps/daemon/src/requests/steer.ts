// Says in words what goes with a no: a message into the turn that waits for the answer, which Codex takes
// while it waits and shows to the model together with the answer. To a lane it is a delivery like any
// other, under the id of the call; a sub-agent of a lane is no lane, so there is no receipt.
import { DispatchError } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import { codexFailureToError, isRefusal } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { Steering } from '../deliveries/steering.ts'
import type { Steer } from './answering.ts'

/** What it needs. */
export type SteerOptions = {
  store: Store
  link: () => Pick<CodexLink, 'client'>
  steering: () => Steering
}

const nothingAnswered = (why: string, cause?: unknown): DispatchError =>
  new DispatchError('validation', `${why} Nothing was answered.`, { cause })

/** Makes the steering. */
export const makeSteer = ({ store, link, steering }: SteerOptions): Steer => {
  const toLane: Steer = async ({ threadId, turnId, text }, call) => {
    if (store.lanes.get(threadId)?.activeTurnId !== turnId) {
      throw nothingAnswered('The turn of the request is over.')
    }
    const { id, caller: actor, signal } = call
    const message = { id, threadId, mode: 'steer', text, overrides: {}, actor } as const
    const { state, failure } = await steering().steer(message, signal)
    if (state !== 'failed' && state !== 'ambiguous') return
    throw new DispatchError('app_server', `The message did not arrive: ${failure ?? state}.`, {
      hint: 'Nothing was answered. dispatch request list',
      details: { delivery: id },
    })
  }

  const toSubAgent: Steer = async ({ threadId, turnId, text }, call) => {
    const client = await link().client(call.signal)
    try {
      await client.request('turn/steer', {
        threadId,
        expectedTurnId: turnId,
        input: [{ type: 'text', text, text_elements: [] }],
      })
    } catch (error) {
      if (!isRefusal(error)) throw codexFailureToError(error)
      throw nothingAnswered('The turn takes no message now.', error)
    }
  }

  return (said, call) => (store.lanes.get(said.threadId) ? toLane : toSubAgent)(said, call)
}
