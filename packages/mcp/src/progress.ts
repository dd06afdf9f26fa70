// Says that a call goes on, to a host that asked to be told: the seconds that it takes, once a second, and
// the events of the lanes that it names, as they come. Begins when a call takes longer than that.
import type { Clock } from '@dispatch/client'
import type { DispatchEvent } from '@dispatch/contract'
import type { FieldMeta, JsonSchema, ManifestOp } from '@dispatch/contract/manifest'
import type { Caller } from './caller.ts'
import type { Routed } from '@dispatch/tools'

/** One word on how a call stands; `progress` only grows. */
export type Progress = { progress: number; total?: number; message: string }

type ProgressOptions = {
  routed: Routed
  client: Caller
  clock: Clock
  signal: AbortSignal
  notify: (progress: Progress) => Promise<void>
}

/** The subscription that gives the events of lanes. */
export const EVENTS_OP = 'watchFollow'

const TICK_MS = 1_000

/** The lanes that an input names. */
const lanesNamed = ({ input: schema }: ManifestOp, input: Routed['input']): string[] =>
  Object.entries((schema.properties ?? {}) as Record<string, JsonSchema & FieldMeta>)
    .filter(([, field]) => field.selector ?? (field.items as FieldMeta | undefined)?.selector)
    .flatMap(([key]) => input[key] ?? [])
    .filter((lane) => typeof lane === 'string')

/** Tells until it is disposed of. */
export const tellProgress = (options: ProgressOptions): Disposable => {
  const { routed, client, clock, notify } = options
  const { op, input } = routed
  const begun = clock.monotonic()
  const ending = new AbortController()
  const signal = AbortSignal.any([options.signal, ending.signal])
  const total = typeof input.timeoutSeconds === 'number' ? { total: input.timeoutSeconds } : {}
  let last = 0

  const tell = (said: string): void => {
    if (signal.aborted) return
    last = Math.max(last + 0.001, (clock.monotonic() - begun) / 1_000)
    // A host that is gone is noticed by who serves it.
    void notify({ progress: last, ...total, message: said }).catch(() => undefined)
  }

  const follow = async (lanes: string[]): Promise<void> => {
    const events = client.subscribe(
      EVENTS_OP,
      { lanes, deltas: false },
      { signal, autostart: false },
    )
    for await (const { data } of events) {
      const { lane, type } = data as DispatchEvent
      tell(lane ? `${lane.handle}: ${type}` : type)
    }
  }

  const tick = (): void => {
    tell(`${op.path}: ${Math.round((clock.monotonic() - begun) / 1_000)} s`)
    callOff = clock.after(TICK_MS, tick)
  }

  let callOff = clock.after(TICK_MS, () => {
    tick()
    const lanes = lanesNamed(op, input)
    // What cannot be followed goes on all the same, and says itself what is wrong.
    if (lanes.length > 0) void follow(lanes).catch(() => undefined)
  })

  return {
    [Symbol.dispose]: () => {
      callOff()
      ending.abort()
    },
  }
}
