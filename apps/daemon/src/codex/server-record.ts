// What the registry remembers of the app-server that runs for this home, so that the next daemon
// can join it or end it.
import type { Store } from '@dispatch/store'
import { z } from 'zod'

const KEY = 'codex.server'

const ServerRecord = z.object({
  pid: z.number(),
  startedAt: z.number().nullable(),
  socket: z.string(),
  binary: z.string(),
  version: z.string().nullable(),
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
