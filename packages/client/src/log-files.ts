// The files of a rotated log: `x.log` is written, `x.log.1` is the one before, and so on. Lines are
// read as the daemon writes them; a half-written one is left for later.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LogRecord } from '@dispatch/contract'
import { homeFaultToError } from '@dispatch/contract/home-faults'

/** Levels, least to most grave. */
const logLevels = ['debug', 'info', 'warn', 'error'] as const

/** A level. */
export type LogLevel = LogRecord['level']

const CHUNK = 256 * 1024

/** Whether a record is of that level or graver. */
export const isAtLeast = (record: LogRecord, level: LogLevel): boolean =>
  logLevels.indexOf(record.level) >= logLevels.indexOf(level)

/** A line as a record; null for what is none. */
export const lineToRecord = (line: string): LogRecord | null => {
  try {
    const { at, level, message, fields = {} } = JSON.parse(line) as Partial<LogRecord>
    if (typeof at !== 'string' || typeof message !== 'string' || !level) return null
    return logLevels.includes(level) ? { at, level, message, fields } : null
  } catch {
    return null
  }
}

const isThere = (file: string): boolean => {
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    throw homeFaultToError(dirname(dirname(file)), error)
  }
}

/** The existing files of a log, newest first. */
export const listLogFiles = (file: string): string[] => {
  const files: string[] = []
  for (let index = 0; ; index += 1) {
    const name = index === 0 ? file : `${file}.${index}`
    if (isThere(name)) files.push(name)
    else if (index > 0) return files
  }
}

/** The newest records of one file, at most `limit`, oldest first; read from its end. */
export const readNewest = (file: string, limit: number, level: LogLevel): LogRecord[] => {
  const fd = openSync(file, 'r')
  try {
    const records: LogRecord[] = []
    let rest = Buffer.alloc(0)
    for (let end = fstatSync(fd).size; end > 0 && records.length < limit;) {
      const start = Math.max(0, end - CHUNK)
      const chunk = Buffer.alloc(end - start)
      readSync(fd, chunk, 0, chunk.length, start)
      const text = Buffer.concat([chunk, rest])
      const first = start === 0 ? 0 : text.indexOf(0x0a) + 1
      rest = text.subarray(0, first === 0 && start > 0 ? text.length : first)
      const lines = first === 0 && start > 0 ? [] : text.toString('utf8', first).split('\n')
      for (const line of lines.toReversed()) {
        const record = records.length < limit ? lineToRecord(line) : null
        if (record && isAtLeast(record, level)) records.push(record)
      }
      end = start
    }
    return records.toReversed()
  } finally {
    closeSync(fd)
  }
}
