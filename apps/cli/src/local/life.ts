// up, down, restart: the client package's, for the home and the daemon of this run. For whom they wait
// is said on stderr, but not to programs, which read an error there.
import { type Lifecycle, makeLifecycle } from '@dispatch/client'
import { clientOptions } from '../connection/client-options.ts'
import type { Setting } from '../execute.ts'
import { isJson } from '../output/printer.ts'
import { drainToWords } from './drain-words.ts'

/** The daemon's life in one run. */
export const lifeOf = (setting: Setting): Lifecycle => {
  const { io, invocation } = setting
  const options = clientOptions(setting)
  if (isJson(invocation.globals, io)) return makeLifecycle(options)
  // Over the progress of the terminal, which is shorter.
  const wipe = io.terminal.stderr ? '\r' : ''
  return makeLifecycle({
    ...options,
    onDrain: (lanes) => io.writeError(`${wipe}note: ${drainToWords(lanes)}\n`),
  })
}
