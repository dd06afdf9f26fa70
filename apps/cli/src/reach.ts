// How ops are reached: the daemon through the client package, local ones by the code beside this, which
// is loaded when a call needs it. Most calls need the client, and files of its own cost a call 3 ms.
import { connect } from './connection/connect.ts'
import type { Reach } from './execute.ts'

/** The ways of the program. */
export const reach: Reach = {
  remote: connect,
  local: async (setting) => (await import('./local/services.ts')).makeLocalServices(setting),
}
