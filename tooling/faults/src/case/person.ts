// What a person does after a crash: asks each lane for a sign of life, lets go on what was held, answers
// what is asked.
import type { DispatchClient } from '@dispatch/client'
import { pendingRequests } from '../ops/requests.ts'

const ANSWER_SECONDS = 30

type Lanes = { lanes: readonly string[]; seed: number }

/** Sends each lane a message and waits for its answer; gives those that did not answer. */
export const probe = async (client: DispatchClient, { lanes, seed }: Lanes): Promise<string[]> => {
  const answers = lanes.map(async (lane): Promise<string | null> => {
    const text = `reply: probe ${seed}`
    const input = { lane, text, wait: true, timeoutSeconds: ANSWER_SECONDS }
    const signal = AbortSignal.timeout((ANSWER_SECONDS + 10) * 1_000)
    try {
      const answer = (await client.call('send', 'mutation', input, { signal })) as {
        error: { message: string } | null
      }
      return answer.error ? `lane ${lane} does not answer: ${answer.error.message}` : null
    } catch (error) {
      return `lane ${lane} does not answer: ${String(error)}`
    }
  })
  return (await Promise.all(answers)).filter((answer) => answer !== null)
}

const REACHING = 10

/** Asks Codex something until it answers. */
export const reachCodex = async (client: DispatchClient): Promise<void> => {
  for (let left = REACHING; left > 0; left -= 1) {
    const signal = AbortSignal.timeout(ANSWER_SECONDS * 1_000)
    const asked = client.call('listUnmanaged', 'query', { limit: 1 }, { signal })
    if (
      await asked.then(
        () => true,
        () => false,
      )
    )
      return
  }
}

/** Lets queues go on that somebody held. */
export const resume = async (client: DispatchClient, lanes: readonly string[]): Promise<void> => {
  for (const lane of lanes) await client.call('queue.resume', 'mutation', { lane })
}

/** Lets what is asked go on. */
export const answerAll = async (client: DispatchClient): Promise<void> => {
  for (const id of await pendingRequests({ client })) {
    await client.call('request.approve', 'mutation', { id }).catch(() => null)
  }
}
