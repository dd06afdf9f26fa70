// For whom a drain waits: asked beside it, over its connection, and told where that changes.
import type { ShutdownPlan } from '@dispatch/contract'
import type { Clock } from './clock.ts'
import type { DispatchClient } from './dispatch-client.ts'

/** Told the lanes that it waits for, at first and whenever they are others. */
export type OnDrain = (lanes: ShutdownPlan['waitsFor']) => void

type DrainWatch = Pick<DispatchClient, 'api'> & { clock: Clock; onDrain: OnDrain }

const LOOK_MS = 1_000

/** Asks until disposed. */
export const watchDrain = ({ api, clock, onDrain }: DrainWatch): Disposable => {
  const leaving = new AbortController()
  const { signal } = leaving
  let told = ''
  let callOff = (): void => undefined
  const look = async (): Promise<void> => {
    try {
      const asked = { signal, autostart: false }
      const plan: Partial<ShutdownPlan> = await api.daemon.shutdownPlan({ drain: true }, asked)
      // An older daemon does not say.
      const { waitsFor = [] } = plan
      const seen = JSON.stringify(waitsFor)
      if (!signal.aborted && waitsFor.length > 0 && seen !== told) {
        told = seen
        onDrain(waitsFor)
      }
    } catch {
      // What is wrong with the daemon the drain itself is told.
    }
    if (!signal.aborted) callOff = clock.after(LOOK_MS, () => void look())
  }
  void look()
  return {
    [Symbol.dispose]: () => {
      leaving.abort()
      callOff()
    },
  }
}
