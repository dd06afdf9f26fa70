// Which program the daemon is: in the sources the bin of its package, in a shipped package the bundle
// beside this one. The only place that knows both layouts.
import { fileURLToPath } from 'node:url'
import type { DaemonCommand } from './spawn.ts'

/** The command of the daemon that belongs to this package; `execPath` is the Node to run it with. */
export const daemonCommand = (execPath: string, here = import.meta.url): DaemonCommand => {
  const bin = here.endsWith('.ts') ? '../../../apps/daemon/bin/dispatchd.mjs' : './dispatchd.mjs'
  return { command: execPath, args: [fileURLToPath(new URL(bin, here))] }
}
