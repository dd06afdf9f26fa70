// Points around what a daemon does to Codex: each message that it writes to the App Server, `wire
// turn/start before`, each that comes, `read item/started`, before the daemon sees it, and each start of
// a server, `spawn app-server after`.
import { tracingChannel } from 'node:diagnostics_channel'
import { WebSocket } from 'ws'
import type { Pass } from './points.ts'

type Send = (this: WebSocket, data: unknown, ...rest: unknown[]) => void
type Emit = (this: WebSocket, event: string | symbol, ...rest: unknown[]) => boolean

const headOf = (data: unknown): string =>
  Buffer.isBuffer(data) ? data.toString('utf8', 0, 200) : String(data).slice(0, 200)

const idOf = (head: string): string | null => /^\{"id":([^,]+),/.exec(head)?.[1] ?? null

const methodOf = (head: string): string | null =>
  /^\{(?:"id":[^,]+,)?"method":"([^"]+)"/.exec(head)?.[1] ?? null

const isAnswer = (head: string): boolean => /^\{"id":[^,]+,"(?:result|error)"/.test(head)

/** Sees every message to and from the App Server from here on; streamed text is not worth a point. */
export const watchWire = (pass: Pass): void => {
  const prototype = WebSocket.prototype as unknown as { send: Send; emit: Emit }
  const { send, emit } = prototype
  const asked = new Map<string, string>()

  prototype.send = function watched(data, ...rest) {
    const head = headOf(data)
    const method = methodOf(head)
    const id = idOf(head)
    if (id !== null && method !== null) asked.set(id, method)
    const name = isAnswer(head) ? 'answer' : method
    if (name !== null) pass(`wire ${name} before`)
    send.call(this, data, ...rest)
    if (name !== null) pass(`wire ${name} after`)
  }

  prototype.emit = function watched(event, ...rest) {
    if (event !== 'message') return emit.call(this, event, ...rest)
    const head = headOf(rest[0])
    const name = isAnswer(head) ? `answer to ${asked.get(idOf(head) ?? '')}` : methodOf(head)
    if (name !== null && !/delta/i.test(name)) pass(`read ${name}`)
    return emit.call(this, event, ...rest)
  }
}

type Spawning = { options?: { args?: string[] }; process?: { spawnargs?: string[] } }

/** Sees every start of an App Server from here on. */
export const watchSpawns = (pass: Pass): void => {
  // At its end the message has no options any more, and the child knows what it was started with.
  const on = (place: string) => (message: unknown) => {
    const { options, process } = message as Spawning
    const args = options?.args ?? process?.spawnargs
    if (args?.includes('app-server')) pass(`spawn app-server ${place}`)
  }
  const nothing = (): void => undefined
  tracingChannel('child_process.spawn').subscribe({
    start: on('before'),
    end: on('after'),
    error: nothing,
    asyncStart: nothing,
    asyncEnd: nothing,
  })
}
