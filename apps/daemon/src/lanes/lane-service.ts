// The ops on lanes and turns: resolve, refuse, hand to the room that does it. No rule lives here.
import type { DaemonServices, DispatchEvent, EventStream } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import type { Idempotency } from '../deliveries/idempotency.ts'
import type { EventLog, FollowQuery } from '../events/event-log.ts'
import type { SessionServices } from '../sessions/session-service.ts'
import type { makeLast } from '../turns/last.ts'
import type { SendServices } from '../turns/send-service.ts'
import type { makeWait } from '../turns/wait.ts'
import type { makeWatch } from '../turns/watch.ts'
import { type LaneReadingOptions, makeLaneReading } from './lane-reading.ts'
import { resolveLane } from './lane-resolver.ts'
import { type LaneStoppingOptions, makeLaneStopping } from './lane-stopping.ts'
import { type LaneWritingOptions, makeLaneWriting } from './lane-writing.ts'

/** What it needs. */
export type LaneServiceOptions = LaneReadingOptions &
  LaneStoppingOptions &
  LaneWritingOptions & {
    events: EventLog
    idempotent: Idempotency
    newLane: DaemonServices['new']
    runLane: DaemonServices['run']
    sends: SendServices
    last: ReturnType<typeof makeLast>
    wait: ReturnType<typeof makeWait>
    watch: ReturnType<typeof makeWatch>
  }

// Who follows from now is told where that is: a connection that is lost before the first event would
// else resume at a later now.
async function* followFrom(events: EventLog, query: FollowQuery): EventStream<DispatchEvent> {
  const after = query.after ?? events.lastCursor()
  if (query.after === null) yield { cursor: after, data: null }
  yield* events.follow({ ...query, after })
}

/** The ops that this service has. */
export type LaneServices = Omit<
  DaemonServices,
  | 'config'
  | 'daemon'
  | 'delivery'
  | 'goal'
  | 'models'
  | 'notify'
  | 'queue'
  | 'request'
  | 'trigger'
  | 'query'
  | keyof SessionServices
>

/** Makes the ops on lanes. */
export const makeLaneService = (options: LaneServiceOptions): LaneServices => {
  const { store, events, tail } = options
  const reading = (selector: string): LaneRow => resolveLane(store, selector, { reading: true })

  return {
    ...makeLaneReading(options),
    ...makeLaneWriting(options),
    ...options.sends,
    stop: makeLaneStopping(options),

    new: (input, call) => {
      const { idempotencyKey: key, wait: _wait, timeoutSeconds: _seconds, ...asked } = input
      if (input.dryRun) return options.newLane(input, call)
      const request = { key, op: 'new', asked: [asked, call.cwd], call }
      return options.idempotent.run(request, async (first) => await options.newLane(input, first))
    },
    run: options.runLane,

    wait: (input, call) => options.wait(input.lanes.map(reading), input, call),
    last: (input, call) => options.last(reading(input.lane), call),
    tail: (input) => tail.tail(reading(input.lane), input),
    tailFollow: (input, call) => tail.follow(reading(input.lane), input, call),
    watch: (input, call) => options.watch(input.lanes.map(reading), input, call),
    watchFollow: (input, call) =>
      followFrom(events, {
        after: call.after ?? input.after ?? null,
        threadIds: input.lanes?.length ? input.lanes.map((lane) => reading(lane).threadId) : null,
        types: input.types ?? null,
        live: true,
        deltas: input.deltas ?? true,
        signal: call.signal,
      }),
  }
}
