// Ends processes that are no children of ours: an app-server of an earlier daemon, and what a
// killed app-server left behind. Terminate, wait, then kill; never a pid that was given anew.
import { readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../clock/clock.ts'
import type { Host } from '../host/host.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'

const POLL_MS = 20
const GRACE_MS = 3_000

type Machine = { host: Host; clock: Clock }

const signal = (host: Host, identity: ProcessIdentity, name: NodeJS.Signals): void => {
  if (!isAlive(host, identity)) return
  try {
    host.kill(identity.pid, name)
  } catch {
    // It ended in between.
  }
}

// Nothing but asking tells when a process that is no child has ended.
const gone = async ({ host, clock }: Machine, identity: ProcessIdentity, withinMs: number) => {
  const deadline = clock.monotonic() + withinMs
  while (isAlive(host, identity)) {
    if (clock.monotonic() >= deadline) return false
    await new Promise<void>((resolve) => clock.at(POLL_MS, resolve))
  }
  return true
}

/** Ends that process: SIGTERM, and SIGKILL after 3 s. */
export const terminate = async (machine: Machine, identity: ProcessIdentity): Promise<void> => {
  signal(machine.host, identity, 'SIGTERM')
  // One that was stopped hears it only then.
  signal(machine.host, identity, 'SIGCONT')
  if (await gone(machine, identity, GRACE_MS)) return
  signal(machine.host, identity, 'SIGKILL')
  await gone(machine, identity, GRACE_MS)
}

const carriesMarker = (pid: number, marker: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(marker)
  } catch {
    return false
  }
}

/** Ends the shells of lanes whose app-server was killed: they live on in sessions of their own and are told by the marker in their environment. Linux only. */
export const reapOrphans = async (machine: Machine, homeId: string): Promise<number> => {
  const { host } = machine
  if (host.platform !== 'linux') return 0
  const marker = `DISPATCH_HOME_ID=${homeId}`
  const orphans = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== host.pid && carriesMarker(pid, marker))
    .map(identify)
  await Promise.all(orphans.map((orphan) => terminate(machine, orphan)))
  return orphans.length
}
