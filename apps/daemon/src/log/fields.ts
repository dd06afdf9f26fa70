// Which fields a log line may have, and what of a value is written: its shape, never its content. No
// message, path of a transcript, environment or token has a name here.
import { DispatchError } from '@dispatch/contract'

/** The names that a line may carry. */
export const logFieldNames = [
  'attempt',
  'binary',
  'bytes',
  'call',
  'caller',
  'code',
  'connection',
  'connections',
  'count',
  'dead',
  'delivery',
  'error',
  'event',
  'exitCode',
  'file',
  'followers',
  'from',
  'home',
  'joined',
  'kind',
  'lane',
  'method',
  'ms',
  'op',
  'pid',
  'reason',
  'ref',
  'request',
  'signal',
  'socket',
  'state',
  'status',
  'thread',
  'to',
  'trigger',
  'turn',
  'version',
] as const

/** A name that a line may carry. */
export type LogFieldName = (typeof logFieldNames)[number]

/** The fields of a line. */
export type LogFields = Partial<Record<LogFieldName, unknown>>

const STRING_MAX = 300
const STACK_LINES = 12

// V8 quotes what it could not parse.
const quotesContent = (error: Error): boolean => error instanceof SyntaxError

// What a caller did wrong may repeat what the caller said; a bug of ours must be found.
const errorToShape = (error: Error): Record<string, unknown> => {
  const code = (error as { code?: unknown }).code
  const expected = error instanceof DispatchError && error.code !== 'internal'
  const shape = { name: error.name, ...(typeof code === 'string' ? { code } : {}) }
  if (expected) return shape
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    ...shape,
    ...(quotesContent(error) ? {} : { message: error.message.slice(0, STRING_MAX) }),
    stack: frames.slice(0, STACK_LINES).map((line) => line.trim()),
  }
}

const valueToShape = (value: unknown): unknown => {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'string') return value.slice(0, STRING_MAX)
  if (value instanceof Error) return errorToShape(value)
  if (Array.isArray(value)) return { kind: 'array', count: value.length }
  return { kind: typeof value }
}

const allowed: ReadonlySet<string> = new Set(logFieldNames)

/** What of the fields is written. */
export const fieldsToShape = (fields: LogFields): Record<string, unknown> => {
  const shape: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (allowed.has(name) && value !== undefined) shape[name] = valueToShape(value)
  }
  return shape
}
