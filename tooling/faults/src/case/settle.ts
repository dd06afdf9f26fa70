// Waits until nothing is under way any more, as the registry's file tells it. Nobody tells a program
// beside the daemon when that is, so the file is looked at again and again; and somebody calls now and
// then, because a daemon that was killed is started by a call alone.
import { setTimeout as pause } from 'node:timers/promises'
import { readRegistry, type RegistryView, unrest } from '../truth/registry.ts'

const LOOK_MS = 20
const CALL_MS = 300

type Settling = {
  /** The registry's file. */
  file: string
  limitMs: number
  /** Any call. */
  call: () => Promise<unknown>
}

/** What the registry says once it is at rest, or after that time with what was not. */
export const settle = async ({
  file,
  limitMs,
  call,
}: Settling): Promise<{ view: RegistryView; unrest: string[] }> => {
  const deadline = performance.now() + limitMs
  for (let called = Number.NEGATIVE_INFINITY; ;) {
    if (performance.now() - called > CALL_MS) {
      await call()
      called = performance.now()
    }
    const view = readRegistry(file)
    const open = unrest(view)
    if (open.length === 0 || performance.now() > deadline) return { view, unrest: open }
    await pause(LOOK_MS)
  }
}
