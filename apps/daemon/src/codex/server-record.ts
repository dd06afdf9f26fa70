// What the registry remembers of the app-server that runs for this home, so that the next daemon
// can join it or end it.
import type { Store } from '@dispatch/store'
import { z } from 'zod'
import type { Host } from '../host/host.ts'
import { isAlive } from './process-identity.ts'

const KEY = 'codex.server'

const ServerRecord = z.object({
  pid: z.number(),
  startedAt: z.number().nullable(),
  socket: z.string(),
  binary: z.string(),
  codexHome: z.string(),
})

/** The app-server of this home. */
export type ServerRecord = z.output<typeof ServerRecord>

/** Where the record is kept; `null` clears it. */
export type ServerRecords = {
  get(): ServerRecord | null
  set(record: ServerRecord | null): void
}

/** The record in the registry, on disk before the call returns. */
export const serverRecords = (store: Store): ServerRecords => ({
  get: () => ServerRecord.safeParse(store.runtime.get(KEY)).data ?? null,
  set: (record) => store.durable(() => store.runtime.set(KEY, record)),
})

/** The process of the recorded app-server; null where none is recorded or it is no more. */
export const recordedPid = (host: Host, records: Pick<ServerRecords, 'get'>): number | null => {
  const record = records.get()
  return record !== null && isAlive(host, record) ? record.pid : null
}
