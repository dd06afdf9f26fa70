// What a person does after a crash: asks each lane for a sign of life, lets go on what was held, answers
// what is asked.
import type { DispatchClient } from '@dispatch/client'
import { pendingRequests } from '../ops/requests.ts'

const ANSWER_SECONDS = 30

type Lanes = { lanes: readonly string[]; seed: number }

type Answer = { error: { message: string } | null; delivery: { state: string } }

const ask = async (client: DispatchClient, lane: string, seed: number): Promise<Answer> => {
  const input = { lane, text: `reply: probe ${seed}`, wait: true, timeoutSeconds: ANSWER_SECONDS }
  const signal = AbortSignal.timeout((ANSWER_SECONDS + 10) * 1_000)
  return (await client.call('send', 'mutation', input, { signal })) as Answer
}

/** Sends each lane a message and waits for its answer; gives those that did not answer. */
export const probe = async (client: DispatchClient, { lanes, seed }: Lanes): Promise<string[]> => {
  const answers = lanes.map(async (lane): Promise<string | null> => {
    try {
      const first = await ask(client, lane, seed)
      // It met an App Server that the last kill had just ended, and says so: then a person sends again.
      const isUndelivered = first.delivery.state === 'failed'
      const { error } = isUndelivered ? await ask(client, lane, seed) : first
      return error ? `lane ${lane} does not answer: ${error.message}` : null
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
