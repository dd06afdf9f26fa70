// The ops that the published client carries out itself, as a surface does: the daemon's life, its log,
// and what a short child of `dispatchd` does with no daemon. What is about a command line (help texts,
// completion, terminals) is not among them.
import type {
  DownInput,
  LogsFollowInput,
  LogsInput,
  RestartInput,
  UpInput,
} from '@dispatch/contract'
import type { LocalPath } from './api.ts'
import { createDispatchClient } from './dispatch-client.ts'
import { type LifecycleOptions, makeLifecycle } from './lifecycle.ts'
import { callLocal } from './local.ts'
import { followLog, readLog } from './logs.ts'
import type { TrackedEvent } from './tracked-event.ts'

/** Their paths. */
export type ServedLocally = Extract<
  LocalPath,
  | 'up'
  | 'down'
  | 'restart'
  | 'doctor'
  | 'config.show'
  | 'daemon.logs'
  | 'daemon.logsFollow'
  | 'registry.backup'
  | 'registry.migrate'
  | 'registry.prune'
  | 'registry.restore'
  | 'registry.verify'
>

type LocalOp = (input: unknown, signal: AbortSignal) => Promise<unknown>

/** The ops by path, the one that follows apart. */
export type LocalOps = {
  calls: ReadonlyMap<string, LocalOp>
  follows: ReadonlyMap<
    string,
    (input: unknown, signal: AbortSignal) => AsyncIterableIterator<TrackedEvent>
  >
}

async function* withoutCursors<T>(
  records: AsyncIterable<T>,
): AsyncIterableIterator<TrackedEvent<T>> {
  for await (const data of records) yield { cursor: null, data }
}

/** Makes them. */
export const makeLocalOps = (options: LifecycleOptions): LocalOps => {
  const life = makeLifecycle(options)
  const file = () => createDispatchClient(options).paths.log
  const byChild =
    (op: string): LocalOp =>
    (input, signal) =>
      callLocal(options, { op, input, signal })
  const calls: Record<Exclude<ServedLocally, 'daemon.logsFollow'>, LocalOp> = {
    up: (input, signal) => life.up(input as UpInput, { signal }),
    down: (input, signal) => life.down(input as DownInput, { signal }),
    restart: (input, signal) => life.restart(input as RestartInput, { signal }),
    doctor: byChild('doctor'),
    'config.show': byChild('config.show'),
    'daemon.logs': async (input) => {
      const log = { file: file() }
      return { ...log, records: readLog({ ...(input as LogsInput), ...log }) }
    },
    'registry.backup': byChild('registry.backup'),
    'registry.migrate': byChild('registry.migrate'),
    'registry.prune': byChild('registry.prune'),
    'registry.restore': byChild('registry.restore'),
    'registry.verify': byChild('registry.verify'),
  }
  return {
    calls: new Map(Object.entries(calls)),
    follows: new Map([
      [
        'daemon.logsFollow',
        (input, signal) =>
          withoutCursors(followLog({ ...(input as LogsFollowInput), file: file(), signal })),
      ],
    ]),
  }
}
