// Ends an older daemon so that ours can take its place; its turns go on. Another who did it first is
// no fault: a daemon that is gone, or no longer the older one, is what was wanted.
import type { ClientHello } from '@dispatch/contract/wire'
import type { Clock } from './clock.ts'
import { type DaemonHello, makeConnection } from './connection.ts'
import { waitUntilGone } from './gone.ts'
import { openSocket } from './socket.ts'
import { unreachableReason } from './unreachable.ts'

type ReplacementOptions = {
  older: DaemonHello
  hello: ClientHello['hello']
  locate: () => string
  clock: Clock
  signal: AbortSignal
}

/** Ends the daemon `older` and waits until its process is gone. */
export const replaceDaemon = async (options: ReplacementOptions) => {
  const { older, hello, locate, clock, signal } = options
  try {
    const socket = await openSocket(locate())
    const connection = makeConnection({
      socket,
      hello,
      clock,
      helloTimeout: 10_000,
      onHello: (daemon, self) => {
        if (daemon.pid !== older.pid) self.close()
      },
    })
    try {
      const input = { codex: false }
      await connection.call({ path: 'daemon.shutdown', kind: 'mutation', input }, signal)
    } finally {
      connection.close()
    }
  } catch (error) {
    const reason = unreachableReason(error)
    if (reason !== 'absent' && reason !== 'lost' && reason !== 'ended') throw error
  }
  await waitUntilGone(older.pid, clock, signal)
}
