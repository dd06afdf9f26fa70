// Whether the registry has room. From a write on that finds the disk full, writing ops are refused
// before they do anything, until a probe finds room again. Reads go on meanwhile.
import { DiskFullError, type Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Log } from '../log/log.ts'
import { registryFailureToError } from './registry-failure.ts'

/** The registry's room. */
export type Fullness = Disposable & {
  /** The registry, whose transactions tell when they find no room. */
  readonly store: Store
  /** Throws where the registry has no room for what that op would write. */
  refuse(op: string): void
  /** What a person should know; a sentence each. */
  problems(): string[]
}

type FullnessOptions = {
  store: Store
  clock: Clock
  log: Log
  /** There is room again. */
  regained: () => void
}

const PROBE_MS = 1_000
// A few bytes may fit where a message does not.
const PROBE = 'x'.repeat(65_536)

// What makes work stop needs no room of its own.
const alwaysTried = new Set(['stop'])

/** Makes the watch over the registry's room. */
export const makeFullness = (options: FullnessOptions): Fullness => {
  const { store, clock, log, regained } = options
  let full: DiskFullError | null = null
  let timer: Disposable | null = null

  const hasRoom = (): boolean => {
    try {
      store.transaction(() => {
        store.runtime.set('registry.probe', PROBE)
        store.runtime.set('registry.probe', '')
      })
      return true
    } catch {
      return false
    }
  }

  const probe = (): void => {
    timer?.[Symbol.dispose]()
    if (!hasRoom()) {
      timer = clock.at(PROBE_MS, probe)
      return
    }
    full = null
    log.info('registry.has-room')
    regained()
  }

  const found = (error: unknown): void => {
    if (!(error instanceof DiskFullError) || full !== null) return
    full = error
    log.error('registry.full', { error })
    timer = clock.at(PROBE_MS, probe)
  }

  const telling =
    (run: Store['transaction']): Store['transaction'] =>
    (fn) => {
      try {
        const result = run(fn)
        // Whoever sees what was written now finds the registry open, too.
        if (full !== null && !store.inTransaction()) probe()
        return result
      } catch (error) {
        found(error)
        throw error
      }
    }

  return {
    store: {
      ...store,
      transaction: telling(store.transaction),
      durable: telling(store.durable),
    },
    refuse: (op) => {
      if (full !== null && !alwaysTried.has(op)) throw registryFailureToError(full)
    },
    problems: () =>
      full === null
        ? []
        : [`${full.message}: nothing can be written. Free some space; dispatch goes on by itself.`],
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
    },
  }
}
