// The daemon's log: structured lines `{at, level, message, fields}`, written at once. Messages are
// fixed words (`codex.lost`); what varies is in the fields, and `fields.ts` says what they may be.
import { pino } from 'pino'
import { type LogFields, fieldsToShape } from './fields.ts'

/** Writes a line: fixed words, and fields of the allowed names. */
export type LogWrite = (message: string, fields?: LogFields) => void

/** The log. */
export type Log = { debug: LogWrite; info: LogWrite; warn: LogWrite; error: LogWrite }

/** A level of the log. */
export type LogLevel = keyof Log

/** Where lines go. */
export type LogDestination = { write(line: string): void }

/** What a log is made of. */
export type LogOptions = {
  /** That level and graver; info when absent. */
  level?: LogLevel
  /** Epoch ms. */
  now: () => number
  destinations: readonly LogDestination[]
}

/** Makes a log. */
export const makeLog = ({ level = 'info', now, destinations }: LogOptions): Log => {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"at":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line: string) => {
        for (const destination of destinations) destination.write(line)
      },
    },
  )
  const writer =
    (at: LogLevel): LogWrite =>
    (message, fields = {}) =>
      logger[at]({ fields: fieldsToShape(fields) }, message)
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  }
}
