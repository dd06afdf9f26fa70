// The room as the daemon has it: the watchdog, patient as the configuration says at each look, and the
// ending of turns that it may ask for.
import type { DaemonConfig } from '@dispatch/contract'
import { type InterruptionOptions, makeInterruption } from './interruption.ts'
import { makeWatchdog, type Patience, type Watchdog, type WatchdogOptions } from './watchdog.ts'

const configToPatience = ({ watchdog }: DaemonConfig): Patience => ({
  silenceMs: watchdog.silence_seconds * 1_000,
  interrupt: watchdog.interrupt,
})

type KeepWatchOptions = Omit<WatchdogOptions, 'patience' | 'interrupt'> &
  InterruptionOptions & { configuration: { daemon(): DaemonConfig } }

/** Watches until disposed, which waits for the turns that are being ended. */
export const keepWatch = (
  options: KeepWatchOptions,
): Omit<Watchdog, typeof Symbol.dispose> & AsyncDisposable => {
  const interruption = makeInterruption(options)
  const watchdog = makeWatchdog({
    ...options,
    patience: () => configToPatience(options.configuration.daemon()),
    interrupt: interruption.interrupt,
  })
  return {
    ...watchdog,
    [Symbol.asyncDispose]: async () => {
      watchdog[Symbol.dispose]()
      await interruption[Symbol.asyncDispose]()
    },
  }
}
