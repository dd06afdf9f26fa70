// Another program on the same Codex home: an app-server of its own, with a thread that dispatch did not start.
import { join } from 'node:path'
import { findCodexBinary, makeAppServer } from '@dispatch/model-simulator/testing'
import type { Place } from './composed.ts'

/** The thread of another program. */
export type ForeignThread = AsyncDisposable & {
  id: string
  /** Runs a turn to its end; its id. */
  turn(text: string): Promise<string>
  rename(name: string): Promise<void>
}

/** Starts the program and its thread. */
export const startElsewhere = async (place: Place): Promise<ForeignThread> => {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(
    await makeAppServer({
      binary: findCodexBinary().path,
      codexHome: join(place.root, 'codex'),
    }),
  )
  const { thread } = await server.call('thread/start', { cwd: place.work })
  const { id } = thread as { id: string }
  const owned = stack.move()
  return {
    id,
    turn: async (text) => {
      const input = [{ type: 'text', text }]
      const { turn } = await server.call('turn/start', { threadId: id, input })
      const { id: turnId } = turn as { id: string }
      await server.waitFor(
        'turn/completed',
        (params) => (params.turn as { id: string } | undefined)?.id === turnId,
      )
      return turnId
    },
    rename: async (name) => void (await server.call('thread/name/set', { threadId: id, name })),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
