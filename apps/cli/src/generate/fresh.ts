// Makes sure, when dispatch runs from its sources, that the generated tables are there and as new as
// the contract. Loads zod and tRPC only when they are not.
import { readFileSync } from 'node:fs'
import { readStamp, sourcesOfTables, stampOf } from './stamp.ts'

/** Writes the tables anew unless they are fresh; whether it did. */
export const freshenTables = async (directory: URL, token: string): Promise<boolean> => {
  const stamp = stampOf(sourcesOfTables())
  const stampFile = new URL('stamp', directory)
  if (readStamp(stampFile) === stamp) return false
  const { appRouter, describeRouter } = await import('@dispatch/contract')
  const { manifestToTables } = await import('./tables.ts')
  const { writeTables, writeWhole } = await import('./write.ts')
  const { version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  writeTables(manifestToTables(describeRouter(appRouter), version), directory, token)
  writeWhole(stampFile, stamp, token)
  return true
}
