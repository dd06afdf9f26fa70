// Finds the app-servers that serve a home's socket, by what they were started with: also those that no
// registry remembers. Linux only; elsewhere the record has to do.
import { readdirSync, readFileSync } from 'node:fs'
import type { Host } from '../host/host.ts'
import { identify, isAlive } from './process-identity.ts'

const argumentsOf = (pid: number): string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** Pids of the servers that were told to listen on that socket. */
export const findServers = (host: Host, socket: string): number[] => {
  if (host.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => argumentsOf(pid).includes(`unix://${socket}`))
    .filter((pid) => isAlive(host, identify(pid)))
}
