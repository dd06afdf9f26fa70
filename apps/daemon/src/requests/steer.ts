// Puts a text into the turn that waits for an answer. Codex takes it while it waits and shows it to the
// model together with the answer.
import { DispatchError } from '@dispatch/contract'
import { codexFailureToError, isRefusal } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { Steer } from './answering.ts'

/** Makes the steering. */
export const makeSteer =
  (link: () => Pick<CodexLink, 'client'>): Steer =>
  async ({ threadId, turnId, text }) => {
    const client = await link().client()
    try {
      await client.request('turn/steer', {
        threadId,
        expectedTurnId: turnId,
        input: [{ type: 'text', text, text_elements: [] }],
      })
    } catch (error) {
      if (!isRefusal(error)) throw codexFailureToError(error)
      throw new DispatchError(
        'validation',
        'The turn takes no message now; nothing was answered.',
        {
          cause: error,
        },
      )
    }
  }
