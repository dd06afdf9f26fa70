// How ops are reached: the daemon through the client package, local ones by the code beside this.
// Both are loaded when a call needs them.
import type { Reach } from './execute.ts'

/** The ways of the program. */
export const reach: Reach = {
  remote: async (setting) => (await import('./connection/connect.ts')).connect(setting),
  local: async (setting) => (await import('./local/services.ts')).makeLocalServices(setting),
}
