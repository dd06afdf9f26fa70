// Who makes a call: the Codex thread that the host names with it, else the one that this process was
// started in. Each has a connection of its own, because it is said once for a connection.
import type { Client, DispatchClientOptions } from '@dispatch/client'

type Meta = Readonly<Record<string, unknown>>

const asId = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

/** The thread that Codex says a call comes from; null where the host says none. */
export const threadOf = (meta: Meta | undefined): string | null => {
  const turn = meta?.['x-codex-turn-metadata']
  const inTurn = typeof turn === 'object' && turn !== null ? (turn as Meta)['thread_id'] : undefined
  return asId(meta?.['threadId']) ?? asId(inTurn)
}

/** The connections to the daemon, by caller. */
export type Callers = AsyncDisposable & {
  /** The client of a thread; of this process where it is null. */
  clientOf(thread: string | null): Client
}

/** Makes the client of one caller. */
export type Connect = (options: DispatchClientOptions) => Client

// A process serves one thread, or that and its sub-agents; what names more is no Codex.
const CLIENTS_MAX = 32

/** Connects when a call needs it. */
export const makeCallers = (options: DispatchClientOptions, connect: Connect): Callers => {
  const { env = {} } = options
  const clients = new Map<string | null, Client>()

  const clientOf: Callers['clientOf'] = (thread) => {
    const known = clients.get(thread)
    if (known) return known
    if (clients.size >= CLIENTS_MAX && thread !== null) return clientOf(null)
    const own = thread === null ? env : { ...env, CODEX_THREAD_ID: thread }
    const client = connect({ ...options, caller: 'mcp', env: own })
    clients.set(thread, client)
    return client
  }

  return {
    clientOf,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()))
    },
  }
}
