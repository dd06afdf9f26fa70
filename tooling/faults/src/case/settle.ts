// Waits until nothing is under way any more, as the registry's file tells it. Nobody tells a program
// beside the daemon when that is, so the file is looked at again and again.
import { setTimeout as pause } from 'node:timers/promises'
import { readRegistry, type RegistryView, unrest } from '../truth/registry.ts'

const LOOK_MS = 20

/** What the registry says once it is at rest, or after that time with what was not. */
export const settle = async (
  file: string,
  limitMs: number,
): Promise<{ view: RegistryView; unrest: string[] }> => {
  const deadline = performance.now() + limitMs
  for (;;) {
    const view = readRegistry(file)
    const open = unrest(view)
    if (open.length === 0 || performance.now() > deadline) return { view, unrest: open }
    await pause(LOOK_MS)
  }
}
