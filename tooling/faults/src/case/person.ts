// What a person does after a crash: asks each lane for a sign of life, lets go on what was held, answers
// what is asked.
import { setTimeout as pause } from 'node:timers/promises'
import { type DispatchClient, DispatchError } from '@dispatch/client'
import { pendingRequests } from '../ops/requests.ts'

const ANSWER_SECONDS = 30

type Caller = Pick<DispatchClient, 'call'>

/** Whom to ask. */
export type Probing = {
  lanes: readonly string[]
  seed: number
  /** Whether the App Server that this message went to was lost since. */
  isServerLost: (deliveryId: string) => boolean
}

/** What came of asking. */
export type Probed = {
  /** A sentence for each lane that did not answer. */
  silent: string[]
  /** How many were asked again. */
  repeats: number
}

type Answer = {
  error: { message: string } | null
  delivery: { id: string; state: string; failure: string | null }
}

const ask = async (client: Caller, lane: string, seed: number): Promise<Answer> => {
  const input = { lane, text: `reply: probe ${seed}`, wait: true, timeoutSeconds: ANSWER_SECONDS }
  const signal = AbortSignal.timeout((ANSWER_SECONDS + 10) * 1_000)
  return (await client.call('send', 'mutation', input, { signal })) as Answer
}

// Codex took a goal, and its caller was told an error because both died before the answer: dispatch learns of
// it when the lane is loaded, and Codex may begin to work at it first.
const waitForIdle = async (client: Caller, lane: string): Promise<void> => {
  const signal = AbortSignal.timeout((ANSWER_SECONDS + 10) * 1_000)
  await client.call('wait', 'query', { lanes: [lane], timeoutSeconds: ANSWER_SECONDS }, { signal })
}

/** Sends each lane a message and waits for its answer. */
export const probe = async (client: Caller, probing: Probing): Promise<Probed> => {
  const { lanes, seed, isServerLost } = probing
  let repeats = 0
  // It met an App Server that the last kill had just ended, and says so: then a person sends again.
  const isUndelivered = ({ delivery: { id, state, failure } }: Answer): boolean =>
    state === 'failed' && (failure ?? '').startsWith('Codex never had it') && isServerLost(id)
  const askAgain = async (lane: string): Promise<Answer> => {
    repeats += 1
    return await ask(client, lane, seed)
  }
  const askPatiently = async (lane: string): Promise<Answer> => {
    try {
      const first = await ask(client, lane, seed)
      return isUndelivered(first) ? await askAgain(lane) : first
    } catch (error) {
      if (!(error instanceof DispatchError && error.code === 'lane_busy')) throw error
      await waitForIdle(client, lane)
      return await askAgain(lane)
    }
  }
  const answers = lanes.map(async (lane): Promise<string | null> => {
    try {
      const { error } = await askPatiently(lane)
      return error ? `lane ${lane} does not answer: ${error.message}` : null
    } catch (error) {
      return `lane ${lane} does not answer: ${String(error)}`
    }
  })
  const silent = (await Promise.all(answers)).filter((answer) => answer !== null)
  return { silent, repeats }
}

const REACHING = 20
/** One that was killed at its start is started again a while later, and meanwhile every call is refused at once. */
const REACH_AGAIN_MS = 250

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
    await pause(REACH_AGAIN_MS)
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
