/**
 * From a line of a client to its answer: parses, looks for a fault of the method, does the method,
 * answers. Knows no transport; a link is all it needs of one.
 */
import { setImmediate } from 'node:timers/promises'
import { pause, silence } from './clock.ts'
import { Refusal } from './failure.ts'
import { makeFaults } from './faults.ts'
import { passGate } from './gate.ts'
import { runFlood } from './flood.ts'
import { goalMethods } from './goal-methods.ts'
import type { Context, Method, Params } from './method.ts'
import { makePeers } from './peer.ts'
import type { Link, Peer } from './peer.ts'
import { substitute } from './scenario.ts'
import type { Action, Moment, Scenario } from './scenario.ts'
import { serverMethods } from './server-methods.ts'
import { threadMethods } from './thread-methods.ts'
import { makeThreadStore } from './thread-store.ts'
import { turnMethods } from './turn-methods.ts'

export interface AppServerOptions {
  home: string
  scenario: Scenario
  exit: (code: number) => void
  process: Context['process']
}

export interface AppServer {
  /** A client that has connected; its lines go to the returned function. */
  connect(link: Link): { receive(line: string): void; end(): void }
}

interface Called {
  peer: Peer
  params: Params
  /** Takes the request out of those in flight, though it goes on. */
  ended: () => void
}

interface Request {
  id?: unknown
  method?: string
  params?: Params
}

const methods: Record<string, Method> = {
  ...serverMethods,
  ...threadMethods,
  ...turnMethods,
  ...goalMethods,
}

type Momentary = Extract<Action, { do: 'silence' | 'close' | 'exit' | 'emit' }>

const isMomentary = (action: Action): action is Momentary =>
  ['silence', 'close', 'exit', 'emit'].includes(action.do)

function parse(line: string): Request | undefined {
  try {
    const request: unknown = JSON.parse(line)
    return typeof request === 'object' && request !== null ? request : undefined
  } catch {
    return undefined
  }
}

export function makeAppServer({ home, scenario, exit, process }: AppServerOptions): AppServer {
  const peers = makePeers()
  const faults = makeFaults(scenario)
  const store = makeThreadStore(home)
  let inFlight = 0
  const requestsInFlight = () => inFlight
  const running: Context['running'] = new Map()
  const awaited = new Map<string, PromiseWithResolvers<void>>()
  const asked = (method: string): Promise<void> => {
    const known = awaited.get(method) ?? Promise.withResolvers<void>()
    awaited.set(method, known)
    return known.promise
  }
  const context: Context = { store, peers, faults, running, requestsInFlight, asked, exit, process }

  function perform(method: string, params: Params, peer: Peer): object {
    if (peer.clientName === undefined && method !== 'initialize')
      throw new Refusal('Not initialized')
    const known = methods[method]
    if (!known) throw new Refusal(`Invalid request: unknown variant \`${method}\`, expected one of`)
    return known(params, context, peer)
  }

  function answerOf(method: string, params: Params, peer: Peer): object {
    try {
      return { result: perform(method, params, peer) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, message, data } = error
      return { error: { code, message, ...(data === undefined ? {} : { data }) } }
    }
  }

  /** What a fault does at a moment; rejects nothing, and never resolves where it cuts off. */
  async function act(action: Action, when: Moment, { peer, params, ended }: Called) {
    const { signal } = new AbortController()
    if (action.do === 'delay' && when === 'before') await pause(action.ms, signal)
    if (action.do === 'gate' && when === 'before') await passGate(action.path)
    if (action.do === 'flood' && when === 'answered') {
      const loaded = [...store.loaded.keys()]
      await runFlood({ flood: substitute(action, params), loaded, peers, signal })
    }
    if (!isMomentary(action) || (action.when ?? 'before') !== when) return
    if (action.do === 'emit') {
      for (const message of substitute(action.messages, params)) peer.send(message)
    }
    if (action.do === 'close') {
      peer.close()
      ended()
    }
    if (action.do === 'exit') exit(action.code ?? 1)
    if (action.do !== 'emit') await silence(signal)
  }

  async function serve(request: Request & { method: string }, peer: Peer, ended: () => void) {
    const { id, method, params = {} } = request
    if (awaited.has(method)) {
      awaited.get(method)?.resolve()
      awaited.delete(method)
      await setImmediate()
    }
    const fault = faults.next(method)
    const called = { peer, params, ended }
    if (fault?.do === 'error') {
      const { code, message, data } = fault
      return peer.send({ id, error: { code, message, ...(data === undefined ? {} : { data }) } })
    }
    if (fault?.do === 'text') return peer.write(fault.text)
    if (fault?.do === 'result') return peer.send({ id, result: fault.result })
    if (!fault) return peer.send({ id, ...answerOf(method, params, peer) })
    await act(fault, 'before', called)
    const answer = answerOf(method, params, peer)
    await act(fault, 'after', called)
    peer.send({ id, ...answer })
    return act(fault, 'answered', called)
  }

  function receive(line: string, peer: Peer) {
    const request = parse(line)
    if (!request) return
    const { id, method } = request
    if (method === undefined) return peers.answer(id, request)
    if (id === undefined || faults.isSilent()) return
    inFlight += 1
    let isOpen = true
    // A request whose connection was closed is over, though it is never answered.
    const ended = () => {
      if (isOpen) inFlight -= 1
      isOpen = false
    }
    void serve({ ...request, method }, peer, ended).finally(ended)
  }

  return {
    connect(link) {
      const peer = peers.add(link)
      return { receive: (line) => receive(line, peer), end: () => peers.remove(peer) }
    },
  }
}
