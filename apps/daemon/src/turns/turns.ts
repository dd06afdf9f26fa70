// What people do with the turns of lanes, put together: send, look, wait. What a fact of Codex does to
// a turn is no part of it.
import type { Clock } from '../clock/clock.ts'
import type { Ingest } from './ingest.ts'
import { type LastOptions, makeLast } from './last.ts'
import { makeSending, type SendingOptions } from './sending.ts'
import { makeSendServices, type SendServiceOptions } from './send-service.ts'
import { makeTail, type TailOptions } from './tail.ts'
import { makeWait, type WaitOptions } from './wait.ts'
import { makeWatch } from './watch.ts'

type TurnsOptions = SendingOptions &
  Omit<SendServiceOptions, 'sending'> &
  LastOptions &
  WaitOptions &
  TailOptions & {
    clock: Clock
    ingest: Ingest
    /** For histories that are shown: dispatch has its own view beside them. */
    impatient: TailOptions['history']
  }

/** Puts it together. */
export const makeTurns = (options: TurnsOptions) => {
  const sending = makeSending(options)
  return {
    sending,
    sends: makeSendServices({ ...options, sending }),
    tail: makeTail({ ...options, history: options.impatient }),
    last: makeLast(options),
    wait: makeWait(options),
    watch: makeWatch(options),
  }
}
