/**
 * The simulator itself: an HTTP server on loopback, from a request's bytes to its answer. Holds
 * what lives as long as the server does; what an answer is stands in answer-plan.ts and play.ts.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { planAnswer } from './answer-plan.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { makeGates } from './gates.ts'
import { readModelRequest } from './model-request.ts'
import type { ModelRequest } from './model-request.ts'
import { play } from './play.ts'
import { makeRequestLog } from './request-log.ts'
import type { Scenario } from './scenario.ts'

export interface ModelSimulatorOptions {
  /** 0, a free one, unless given. */
  port?: number
  scenario?: Scenario
  clock?: Clock
  /** How many requests the log keeps, newest last; 1,000 unless given (about 40 KB each). */
  keepRequests?: number
  /** Called with every request before it is answered. */
  onRequest?: (request: ModelRequest) => void
}

export interface ModelSimulator extends AsyncDisposable {
  /** The base URL for a model provider: `http://127.0.0.1:PORT/v1`. */
  readonly url: string
  /** What was asked, oldest first. A record's `outcome` changes when its answer ends. */
  readonly requests: readonly ModelRequest[]
  /**
   * The first request, past or to come, that fits; rejects when the simulator closes. Asked again
   * when a request's outcome is known, so that it can be waited for too.
   */
  waitForRequest(predicate: (request: ModelRequest) => boolean): Promise<ModelRequest>
  /** Undefined gives the word back to the messages. */
  setScenario(scenario: Scenario | undefined): void
  /** Lets everything pass that waits, or will wait, at `gate: NAME`. */
  open(gate: string): void
  shut(gate: string): void
  /** Resolves when an answer waits at `gate: NAME`. */
  waitForGate(gate: string): Promise<void>
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function refuse(response: ServerResponse, status = 404) {
  const error = { message: 'the model simulator answers POST /v1/responses only' }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
}

/** Starts a simulator on 127.0.0.1. Closing it ends every open answer by cutting its connection. */
export async function makeModelSimulator(
  options: ModelSimulatorOptions = {},
): Promise<ModelSimulator> {
  const { clock = systemClock, onRequest } = options
  const gates = makeGates()
  const log = makeRequestLog(options.keepRequests ?? 1000)
  const closing = new AbortController()
  const answers = new Set<Promise<void>>()
  let scenario = options.scenario
  let count = 0

  function openGate({ method, url }: IncomingMessage): boolean {
    const [, name] = /^\/gates\/([^/]+)$/.exec(url ?? '') ?? []
    if (method !== 'POST' || name === undefined) return false
    gates.open(decodeURIComponent(name))
    return true
  }

  async function answer(message: IncomingMessage, response: ServerResponse) {
    if (openGate(message)) return void response.writeHead(204).end()
    // To a provider that may speak WebSocket Codex falls back to HTTP at once after a 426, else after 6 s.
    if (message.headers.upgrade !== undefined) return refuse(response, 426)
    if (message.method !== 'POST' || message.url !== '/v1/responses') return refuse(response)
    const rawBody = await readBody(message)
    count += 1
    const { headers } = message
    const { isSteer } = log
    const request = readModelRequest({ number: count, at: clock.now(), headers, rawBody, isSteer })
    log.add(request)
    onRequest?.(request)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const signal = AbortSignal.any([gone.signal, closing.signal])
    const asked = `${request.threadId}:${request.prompt?.id}:${request.inputItems}`
    const attempt = log.countAttempt(asked)
    const script = scenario?.(request) ?? request.prompt?.text ?? ''
    const stage = { response, signal, clock, gates, request, key: `${asked}:${attempt}` }
    try {
      log.settle(request, await play(planAnswer(script, request, attempt), stage))
    } catch (error) {
      if (!signal.aborted) throw error
      log.settle(request, closing.signal.aborted ? 'closed' : 'abandoned')
      response.destroy()
    }
  }

  /** A fault of a scenario (or of ours) must be seen by who runs the test, not hang it. */
  function fault(response: ServerResponse, error: unknown) {
    if (response.headersSent) return response.destroy()
    const message = `the model simulator failed: ${String(error)}`
    return response.writeHead(400).end(JSON.stringify({ error: { message } }))
  }

  const server = createServer((message, response) => {
    const answered = answer(message, response).catch(
      (error: unknown) => void fault(response, error),
    )
    answers.add(answered)
    void answered.finally(() => answers.delete(answered))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: log.requests,
    waitForRequest: log.waitFor,
    setScenario(next) {
      scenario = next
    },
    open: gates.open,
    shut: gates.shut,
    waitForGate: gates.arrival,
    async [Symbol.asyncDispose]() {
      closing.abort()
      log.end()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await Promise.all([...answers, closed])
    },
  }
}
