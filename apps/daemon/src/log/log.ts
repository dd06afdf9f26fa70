// The daemon's log: structured lines, synchronous, shape and never content. What a field may be is
// decided here: numbers, booleans and short strings under names that are known.

/** Fields of a line. */
export type LogFields = Record<string, unknown>

/** Writes lines of the log. */
export type Log = {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}
