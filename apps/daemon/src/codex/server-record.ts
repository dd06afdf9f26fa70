// What the registry remembers of the app-server that runs for this home, so that the next daemon
// can join it or end it.
import type { ProcessIdentity } from './process-identity.ts'

/** The app-server of this home. */
export type ServerRecord = ProcessIdentity & {
  socket: string
  binary: string
  version: string | null
  codexHome: string
}

/** Where the record is kept; `null` clears it. */
export type ServerRecords = {
  get(): ServerRecord | null
  set(record: ServerRecord | null): void
}
