// The home's own file, read again only when the system says that it is another: status and full-text
// index ask for it at each call, and to parse it is 10 us. A file that was changed a moment ago is read
// each time: within a tick of the system's clock a second change shows no new time.
import { type BigIntStats, statSync } from 'node:fs'
import { type DaemonConfig, DispatchError } from '@dispatch/contract'
import { sourceToDaemonConfig } from './daemon-rows.ts'
import type { ConfigSource } from './source.ts'

/** What the file says, or why it cannot be read. */
export type Found =
  | { source: ConfigSource | undefined; daemon: DaemonConfig }
  | { problem: DispatchError }

/** The system's clocks tick every 10 ms at the slowest; some file systems have whole seconds. */
const SETTLED_MS = 2_000

const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs, mode, uid }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs, mode, uid].join(' ')

const find = (read: () => ConfigSource | null): Found => {
  try {
    const source = read() ?? undefined
    return { source, daemon: sourceToDaemonConfig(source) }
  } catch (error) {
    if (error instanceof DispatchError) return { problem: error }
    throw error
  }
}

/** Makes the reading of the file at `path`; `read` reads it whole. */
export const makeKeptSource = (
  path: string,
  { read, now }: { read: () => ConfigSource | null; now: () => number },
): (() => Found) => {
  let absent: Found | null = null
  let known: { stamp: string; found: Found } | null = null

  const statNow = (): BigIntStats | null => {
    try {
      return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null
    } catch {
      // What cannot be looked at is for the reading to say.
      return null
    }
  }

  return () => {
    const stats = statNow()
    if (stats === null) {
      known = null
      const found = absent ?? find(read)
      absent = 'problem' in found || found.source !== undefined ? null : found
      return found
    }
    const stamp = stampOf(stats)
    if (known?.stamp === stamp) return known.found
    const found = find(read)
    const isSettled = now() - Number(stats.ctimeMs) >= SETTLED_MS
    known = isSettled ? { stamp, found } : null
    return found
  }
}
