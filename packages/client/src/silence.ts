// What a daemon that takes connections and says nothing is told as: which process it is, and what ends
// it. One that was stopped is told at once, since it will not answer by itself.
import { readFileSync } from 'node:fs'
import type { DispatchError } from '@dispatch/contract/errors'
import { isProcessAlive, isProcessStopped } from './environment.ts'
import { makeUnreachable } from './unreachable.ts'

/** The error of a daemon that has said nothing for so long; null: it is given more time. */
export type Silence = (silentMs: number, isLast: boolean) => DispatchError | null

const readPid = (pidfile: string): number | null => {
  try {
    const pid = Number(readFileSync(pidfile, 'utf8').trim())
    return Number.isSafeInteger(pid) && pid > 0 && isProcessAlive(pid) ? pid : null
  } catch {
    return null
  }
}

/** Makes it for the daemon of that pid file. */
export const makeSilence =
  (pidfile: string): Silence =>
  (silentMs, isLast) => {
    const pid = readPid(pidfile)
    if (pid !== null && isProcessStopped(pid)) {
      return makeUnreachable('silent', {
        message: `The daemon (pid ${pid}) is stopped: it answers nothing until it is continued.`,
        hint: `kill -CONT ${pid}`,
      })
    }
    if (!isLast) return null
    const seconds = Math.round(silentMs / 1_000)
    return makeUnreachable('silent', {
      message: `The daemon (${pid === null ? `no pid in ${pidfile}` : `pid ${pid}`}) took the connection and said nothing for ${seconds} s.`,
      hint:
        pid === null
          ? 'dispatch daemon logs'
          : `kill -9 ${pid}: turns go on, and the next command starts another; dispatch daemon logs says what it did last`,
    })
  }
