// dispatchd local down: with no daemon alive, ends the app-server that the registry remembers, and
// removes what a daemon that was killed left lying about.
import { existsSync, rmSync } from 'node:fs'
import type { DownResult } from '@dispatch/contract'
import type { Clock } from './clock/clock.ts'
import { endRecorded } from './codex/server.ts'
import { serverRecords } from './codex/server-record.ts'
import type { Host } from './host/host.ts'
import { pathsOf, takeHome } from './lock/taken-home.ts'
import { homeIdOf } from './registry/home-id.ts'
import { openRegistry } from './registry/open-registry.ts'

/** Cleans up after a daemon that is gone. */
export const localDown = async (host: Host, clock: Clock): Promise<DownResult> => {
  const paths = pathsOf(host)
  using _lock = takeHome(host, paths)
  const removed = [paths.socket, paths.pidfile].filter(existsSync)
  let codexPid: number | null = null
  if (existsSync(paths.database)) {
    using store = openRegistry(paths.database)
    const records = serverRecords(store)
    codexPid = await endRecorded({ host, clock, records, homeId: homeIdOf(store) })
  }
  for (const path of removed) rmSync(path, { force: true })
  return {
    status: codexPid === null ? 'not_running' : 'stopped',
    pid: null,
    codexPid,
    removed,
  }
}
