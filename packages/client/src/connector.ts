// Gets connections to the daemon of one home: connects, starts it where nobody listens and the caller
// allows it, and replaces an older one, once. Racing callers share one start and one replacement.
import type { ClientHello } from '@dispatch/contract/wire'
import type { Clock } from './clock.ts'
import { type Connection, type DaemonHello, makeConnection } from './connection.ts'
import type { Silence } from './silence.ts'
import { openSocket } from './socket.ts'
import { makeUnreachable, unreachableReason } from './unreachable.ts'
import { isOlder } from './version.ts'

/** What a connector needs. */
export type ConnectorOptions = {
  hello: ClientHello['hello']
  clock: Clock
  /** The path of the socket, checked; throws what is wrong with it. */
  locate: () => string
  /** Starts the daemon and returns when it listens; absent: nothing is ever started. The signal ends the waiting, not the start. */
  start?: (signal: AbortSignal) => Promise<void>
  /** Ends that older daemon and starts ours; absent: an older daemon is used as it is. */
  replace?: (older: DaemonHello, signal: AbortSignal) => Promise<void>
  /** Milliseconds until a daemon must have said hello. */
  helloTimeout?: number
  silence?: Silence
}

/** Opens connections. */
export type Connector = {
  /** A connection of its own; `mayStart` also allows the replacement of an older daemon. */
  open(mayStart: boolean): Promise<Connection>
  /** When the error says that the daemon is older than ours: replaces it and says true, so that one tries again. */
  recover(error: unknown): Promise<boolean>
}

const HELLO_TIMEOUT_MS = 10_000

/** Makes a connector; `ending` aborts when nobody waits for it any more. */
export const makeConnector = (options: ConnectorOptions, ending: AbortSignal): Connector => {
  const { hello, clock, locate, start, replace, helloTimeout = HELLO_TIMEOUT_MS, silence } = options
  let starting: Promise<void> | null = null
  let replacing: Promise<void> | null = null
  let stale: DaemonHello | null = null

  const judge = (daemon: DaemonHello, connection: Connection, mayStart: boolean): void => {
    const older = isOlder(daemon.version, hello.version)
    if (older && mayStart && replace && !replacing) {
      stale = daemon
      connection.fail(
        makeUnreachable('stale', { message: 'The daemon is older.', hint: 'dispatch restart' }),
      )
    } else if (daemon.wire !== hello.wire) {
      connection.fail(
        makeUnreachable('foreign', {
          message: `The daemon (${daemon.version}) speaks wire ${daemon.wire}, this dispatch (${hello.version}) wire ${hello.wire}.`,
          hint: older ? 'dispatch restart' : 'Use the newer dispatch.',
        }),
      )
    }
  }

  const connect = async (mayStart: boolean): Promise<Connection> => {
    const path = locate()
    const socket = await openSocket(path)
    return makeConnection({
      socket,
      path,
      hello,
      clock,
      helloTimeout,
      ...(silence ? { silence } : {}),
      onHello: (daemon, connection) => judge(daemon, connection, mayStart),
    })
  }

  const startOnce = (run: NonNullable<typeof start>): Promise<void> =>
    (starting ??= run(ending).finally(() => {
      starting = null
    }))

  return {
    async open(mayStart) {
      try {
        return await connect(mayStart)
      } catch (error) {
        if (!mayStart || !start || unreachableReason(error) !== 'absent') throw error
      }
      await startOnce(start)
      return connect(mayStart)
    },
    async recover(error) {
      if (unreachableReason(error) !== 'stale' || !replace || !stale) return false
      await (replacing ??= replace(stale, ending))
      return true
    },
  }
}
