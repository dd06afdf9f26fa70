/**
 * The smallest possible driver of `codex app-server` for this package's own tests and for the
 * template: calls, notifications, requests of the server. The product's client is another package.
 */
import { createInterface } from 'node:readline'
import { spawnAppServer } from './spawn.ts'
import type { AppServerProcessOptions } from './spawn.ts'

export interface WireMessage {
  id?: number | string
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { code: number; message: string }
}

type Fits = (params: Record<string, unknown>) => boolean

export interface AppServer extends AsyncDisposable {
  readonly pid: number
  /** Every notification and server request, oldest first. */
  readonly messages: readonly WireMessage[]
  /** The result; throws the server's error, or when the server ends first. */
  call(method: string, params?: object): Promise<Record<string, unknown>>
  /** The first notification or server request, past or to come, that fits. */
  waitFor(method: string, fits?: Fits): Promise<WireMessage>
  answer(request: WireMessage, result: object): void
}

export async function makeAppServer(options: AppServerProcessOptions): Promise<AppServer> {
  const server = await spawnAppServer(options)
  const messages: WireMessage[] = []
  const calls = new Map<number | string, PromiseWithResolvers<WireMessage>>()
  const waiters = new Set<{
    method: string
    fits: Fits
    found: PromiseWithResolvers<WireMessage>
  }>()
  const isIt = (message: WireMessage, method: string, fits: Fits) =>
    message.method === method && fits(message.params ?? {})
  const send = (message: object) => server.stdin.write(`${JSON.stringify(message)}\n`)
  let lastId = 0

  createInterface({ input: server.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as WireMessage
    if (message.method === undefined) return calls.get(message.id ?? '')?.resolve(message)
    messages.push(message)
    for (const waiter of waiters) {
      if (!isIt(message, waiter.method, waiter.fits)) continue
      waiters.delete(waiter)
      waiter.found.resolve(message)
    }
  })
  void server.ended.then(() => {
    const error = new Error('the app-server has ended')
    for (const call of calls.values()) call.reject(error)
    for (const { found } of waiters) found.reject(error)
  })

  async function call(method: string, params: object = {}) {
    lastId += 1
    const reply = Promise.withResolvers<WireMessage>()
    calls.set(lastId, reply)
    send({ id: lastId, method, params })
    const { result, error } = await reply.promise.finally(() => calls.delete(lastId))
    if (error) throw new Error(error.message, { cause: error })
    return result ?? {}
  }

  await call('initialize', {
    clientInfo: { name: 'dispatch', title: 'dispatch', version: '0.0.0' },
    capabilities: { experimentalApi: true },
  })
  send({ method: 'initialized' })
  return {
    pid: server.pid,
    messages,
    call,
    waitFor(method, fits = () => true) {
      const known = messages.find((message) => isIt(message, method, fits))
      if (known) return Promise.resolve(known)
      const found = Promise.withResolvers<WireMessage>()
      waiters.add({ method, fits, found })
      return found.promise
    },
    answer: ({ id }, result) => send({ id, result }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
