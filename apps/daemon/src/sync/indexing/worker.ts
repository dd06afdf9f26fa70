// The thread that indexes: its own connection to the registry, which only reads, and the only one
// to the index. The registry's checkpoints are made here, too: nobody else reads it beside the
// daemon. What it costs is no part of any answer of the daemon but those of query.
import { parentPort, workerData } from 'node:worker_threads'
import {
  type Checkpointer,
  CorruptDatabaseError,
  openCheckpointer,
  openSearchIndex,
  openStore,
  removeSearchIndex,
} from '@dispatch/store'
import { systemClock } from '../../clock/clock.ts'
import { makeIndexer } from './indexer.ts'
import type { IndexPlace, IndexSaid } from './messages.ts'
import { serveIndex } from './serve-index.ts'

const work = async (place: IndexPlace, port: NonNullable<typeof parentPort>): Promise<void> => {
  const say = (said: IndexSaid): void => port.postMessage(said)
  try {
    let closing
    {
      using store = openStore({ file: place.registry, readonly: true })
      using index = openSearchIndex(place.index)
      using stack = new DisposableStack()
      let checkpointer: Checkpointer | null = null
      const indexer = makeIndexer(store, index)
      // Opened when it is asked for: what cannot be opened then is no reason to have no index.
      const checkpoint = (): void => {
        checkpointer ??= stack.use(openCheckpointer(place.registry))
        checkpointer.run()
      }
      closing = await serveIndex({ indexer, checkpoint }, port, systemClock)
    }
    say({ kind: 'answer', id: closing, answer: { kind: 'done' } })
  } catch (error) {
    // It is made again at the next start; of the registry that is not its to say.
    if (error instanceof CorruptDatabaseError && error.file === place.index) {
      removeSearchIndex(place.index)
    }
    say({ kind: 'broken', message: error instanceof Error ? error.message : String(error) })
  }
  port.close()
}

if (parentPort) void work(workerData as IndexPlace, parentPort)
