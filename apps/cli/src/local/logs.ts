// daemon logs: the process log, read from the files of the home, so that it works with the daemon dead.
import { createDispatchClient, followLog, readLog } from '@dispatch/client'
import type {
  Call,
  LogRecord,
  LogsFollowInput,
  LogsInput,
  LogsResult,
  Tracked,
} from '@dispatch/contract'
import { clientOptions } from '../connection/client-options.ts'
import type { Setting } from '../execute.ts'

const logOf = (setting: Setting): string => createDispatchClient(clientOptions(setting)).paths.log

/** The newest lines, oldest first. */
export const readLogs = (setting: Setting, { limit, level }: LogsInput): LogsResult => {
  const file = logOf(setting)
  return { file, records: readLog({ file, limit, level }) }
}

/** Lines of the past, then every new one until the signal aborts. */
export async function* followLogs(
  setting: Setting,
  { limit, level }: LogsFollowInput,
  { signal }: Call,
): AsyncIterable<Tracked<LogRecord>> {
  for await (const data of followLog({ file: logOf(setting), limit, level, signal })) {
    yield { cursor: null, data }
  }
}
