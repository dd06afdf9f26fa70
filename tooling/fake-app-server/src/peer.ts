/** One connection of a client, whatever it runs over, and all of them together. */
import { now } from './clock.ts'
import type { Message } from './scenario.ts'

export interface Link {
  write(text: string): void
  close(): void
}

export interface Peer extends Link {
  readonly optOut: Set<string>
  readonly subscribed: Set<string>
  clientName: string | undefined
  send(message: object): void
}

export interface Peers {
  add(link: Link): Peer
  remove(peer: Peer): void
  /** To every connection that has said hello. */
  broadcast(method: string, params: object): void
  /** To those that started or resumed the thread. */
  publish(threadId: string, method: string, params: object): void
  /** Asks the thread's subscribers; the first answer counts. Asked again of who resumes it. */
  ask(threadId: string, message: Message, signal: AbortSignal): Promise<unknown>
  answer(id: unknown, answer: object): void
  repeatQuestions(peer: Peer, threadId: string): void
}

export function makePeers(): Peers {
  const peers = new Set<Peer>()
  const questions = new Map<
    number,
    { threadId: string; message: object; answer: (a: object) => void }
  >()
  let lastQuestion = -1

  function notify(peer: Peer, method: string, params: object) {
    if (peer.clientName === undefined || peer.optOut.has(method)) return
    peer.send({ method, params, emittedAtMs: now() })
  }

  function publish(threadId: string, method: string, params: object) {
    for (const peer of peers) if (peer.subscribed.has(threadId)) notify(peer, method, params)
  }

  return {
    add(link) {
      const peer: Peer = {
        ...link,
        optOut: new Set(),
        subscribed: new Set(),
        clientName: undefined,
        send: (message) => link.write(JSON.stringify(message)),
      }
      peers.add(peer)
      return peer
    },
    remove: (peer) => void peers.delete(peer),
    broadcast(method, params) {
      for (const peer of peers) notify(peer, method, params)
    },
    publish,
    async ask(threadId, message, signal) {
      lastQuestion += 1
      const id = lastQuestion
      const answered = Promise.withResolvers<object>()
      const question = { ...message, id }
      questions.set(id, { threadId, message: question, answer: answered.resolve })
      signal.addEventListener('abort', () => answered.reject(signal.reason), { once: true })
      for (const peer of peers) if (peer.subscribed.has(threadId)) peer.send(question)
      try {
        return await answered.promise
      } finally {
        questions.delete(id)
        publish(threadId, 'serverRequest/resolved', { threadId, requestId: id })
      }
    },
    answer: (id, answer) => questions.get(Number(id))?.answer(answer),
    repeatQuestions(peer, threadId) {
      for (const question of questions.values()) {
        if (question.threadId === threadId) peer.send(question.message)
      }
    },
  }
}
