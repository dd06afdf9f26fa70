// The requests that Codex waits for on this connection: how an answer gets to it. A row without one of
// these waits for the App Server to be joined again, which makes it ask again.
import type { Answer, Asked } from '../codex/asked.ts'

/** Requests by the id of their row. */
export type LiveRequests = {
  attach(id: string, asked: Asked): void
  isLive(id: string): boolean
  /** Says it to Codex; nothing where it does not wait for it. */
  reply(id: string, answer: Answer): void
}

/** Makes the room's one record of them. */
export const makeLiveRequests = (): LiveRequests => {
  const live = new Map<string, Asked>()
  return {
    attach: (id, asked) => {
      live.set(id, asked)
      const detach = (): void => {
        if (live.get(id) === asked) live.delete(id)
      }
      asked.signal.addEventListener('abort', detach, { once: true })
    },
    isLive: (id) => live.has(id),
    reply: (id, answer) => {
      live.get(id)?.reply(answer)
      live.delete(id)
    },
  }
}
