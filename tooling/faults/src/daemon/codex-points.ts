// Points around what a daemon does to Codex: each message that it writes to the App Server, `wire
// turn/start before`, and each start of one, `spawn app-server after`.
import { tracingChannel } from 'node:diagnostics_channel'
import { WebSocket } from 'ws'
import type { Pass } from './points.ts'

type Send = (this: WebSocket, data: unknown, ...rest: unknown[]) => void

const methodOf = (data: unknown): string | null => {
  const head = Buffer.isBuffer(data) ? data.toString('utf8', 0, 200) : String(data).slice(0, 200)
  if (/^\{"id":[^,]+,"(?:result|error)"/.test(head)) return 'answer'
  return /^\{(?:"id":[^,]+,)?"method":"([^"]+)"/.exec(head)?.[1] ?? null
}

/** Sees every message to the App Server from here on. */
export const watchWire = (pass: Pass): void => {
  const prototype = WebSocket.prototype as unknown as { send: Send }
  const original = prototype.send
  prototype.send = function watched(data, ...rest) {
    const method = methodOf(data)
    if (method !== null) pass(`wire ${method} before`)
    original.call(this, data, ...rest)
    if (method !== null) pass(`wire ${method} after`)
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
