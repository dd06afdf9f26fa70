// Who makes a call: the Codex thread that the host names with it, else the one that this process was
// started in. Each has a connection of its own, because it is said once for a connection.
import type { Client, DispatchClientOptions } from '@dispatch/client'
import { DispatchError } from '@dispatch/contract/errors'

type Meta = Readonly<Record<string, unknown>>

const asId = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

/** The thread that Codex says a call comes from; null where the host says none. */
export const threadOf = (meta: Meta | undefined): string | null => {
  const turn = meta?.['x-codex-turn-metadata']
  const inTurn = typeof turn === 'object' && turn !== null ? (turn as Meta)['thread_id'] : undefined
  return asId(meta?.['threadId']) ?? asId(inTurn)
}

/** How one caller reaches the daemon. */
export type Caller = Pick<Client, 'call' | 'subscribe'>

/** The connections to the daemon, by caller. */
export type Callers = AsyncDisposable & {
  /** How a thread reaches it; this process where it is null. Refuses where too many work at once. */
  clientOf(thread: string | null): Caller
}

/** Makes the client of one caller. */
export type Connect = (options: DispatchClientOptions) => Client

// A process serves one thread, or that and its sub-agents; what is idle gives way to what asks.
const CLIENTS_MAX = 32

type Connected = { client: Client; using: number }

/** Connects when a call needs it. */
export const makeCallers = (options: DispatchClientOptions, connect: Connect): Callers => {
  const { env = {} } = options
  // The one that was used last stands last.
  const connected = new Map<string | null, Connected>()
  const closing = new Set<Promise<void>>()

  const letGo = ([thread, { client }]: [string | null, Connected]): void => {
    connected.delete(thread)
    const closed = client.close().finally(() => closing.delete(closed))
    closing.add(closed)
  }

  const makeRoom = (): void => {
    if (connected.size < CLIENTS_MAX) return
    const idle = [...connected].find(([, { using }]) => using === 0)
    if (idle) return letGo(idle)
    throw new DispatchError(
      'conflict',
      `${CLIENTS_MAX} threads call through this server already.`,
      {
        hint: 'The same call when one of theirs has ended.',
        retryable: true,
      },
    )
  }

  const connectAs = (thread: string | null): Connected => {
    makeRoom()
    const own = thread === null ? env : { ...env, CODEX_THREAD_ID: thread }
    return { client: connect({ ...options, caller: 'mcp', env: own }), using: 0 }
  }

  const use = (thread: string | null): Connected & Disposable => {
    const one = connected.get(thread) ?? connectAs(thread)
    connected.delete(thread)
    connected.set(thread, one)
    one.using += 1
    return Object.assign(one, { [Symbol.dispose]: () => void (one.using -= 1) })
  }

  return {
    clientOf: (thread) => ({
      call: async (...asked) => {
        using one = use(thread)
        return await one.client.call(...asked)
      },
      subscribe: async function* (...asked) {
        using one = use(thread)
        yield* one.client.subscribe(...asked)
      },
    }),
    [Symbol.asyncDispose]: async () => {
      for (const one of connected) letGo(one)
      await Promise.all(closing)
    },
  }
}
