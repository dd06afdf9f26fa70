// The daemon's log over pino: which fields pass, and the shape of a line:
// {"at":"2026-01-31T09:00:00.000Z","level":"info","message":"codex.ready","fields":{"pid":7}}
import { type DestinationStream, pino } from 'pino'
import type { Clock } from '../clock/clock.ts'
import type { Log, LogFields } from './log.ts'

/** Names of fields that may be logged: ids, counts and states. */
const ALLOWED = new Set([
  'attempt',
  'connection',
  'count',
  'dead',
  'delivery',
  'error',
  'file',
  'from',
  'joined',
  'method',
  'pid',
  'signal',
  'socket',
  'state',
  'thread',
  'to',
  'version',
])
const TEXT_MAX = 500

const allowed = (fields: LogFields): LogFields =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => ALLOWED.has(name))
      .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, TEXT_MAX) : value]),
  )

/** Makes the log. */
export const makeLog = (destination: DestinationStream, clock: Clock, level = 'info'): Log => {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"at":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  )
  const line =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void =>
      logger[name]({ fields: allowed(fields) }, message)
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
