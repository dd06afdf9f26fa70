// Tells whoever started the daemon how it went: one JSON line on the file descriptor that
// DISPATCH_READY_FD names, then the descriptor is closed. Without one nothing is told.
import { closeSync, writeSync } from 'node:fs'
import type { ErrorBody } from '@dispatch/contract'

/** How a start went. */
export type Readiness =
  | { ready: true; pid: number; socket: string }
  | { error: ErrorBody }
  /** Another daemon has the home; it answers, or is about to. */
  | { held: true; pid: number | null }

/** Tells it, once. */
export const makeReadiness = (fdText: string | undefined): ((line: Readiness) => void) => {
  let fd = fdText === undefined || !/^\d+$/.test(fdText) ? null : Number(fdText)
  return (line) => {
    if (fd === null) return
    const open = fd
    fd = null
    try {
      writeSync(open, `${JSON.stringify(line)}\n`)
      closeSync(open)
    } catch {
      // Whoever started us has gone; that is no reason to stop.
    }
  }
}
