// Wakes its owner when something is due. One timer; none while nothing is planned.
//
//   quiet    nothing planned; until reset()
//   waiting  for the planned time, in legs: wall time may jump and a machine may sleep, which no timer
//            of Node notices, so the wall is looked at once a leg
//   ringing  ring() runs; afterwards the plan is asked for again
//   failing  ring() or nextAt() failed, or nothing was settled: as waiting, but for a growing time

/** Wall time, steady time and timers. */
export type AlarmClock = {
  /** Epoch ms; may jump. */
  now(): number
  /** Ms from an arbitrary origin; never goes back. */
  monotonic(): number
  /** Calls `fn` once after `ms` of steady time; disposing calls it off. */
  at(ms: number, fn: () => void): Disposable
}

export type AlarmOptions = {
  clock: AlarmClock
  /** The earliest planned time, in epoch ms; null: none. Asked on reset(), after each ring and jump. */
  nextAt(): number | null
  /** Does what is due, as much as is good at once, and says how much that was. Never runs twice at once. */
  ring(now: number): number | Promise<number>
  /** Told of what nextAt() and ring() throw. The alarm goes on, later and later, up to once a minute. */
  failed(error: unknown): void
  /**
   * Told when the wall clock has moved by `ms` more (or less) than time has passed: set, or slept. The
   * plan is asked for anew afterwards.
   */
  jumped?(ms: number): void
}

export type Alarm = AsyncDisposable & {
  /** The plan has changed. While a ring runs or the last one failed, it is asked for afterwards. */
  reset(): void
}

/** How late a jump of the clock or a sleep is noticed, at the most. A look costs some microseconds. */
export const LEG_MS = 60_000

/** A smaller difference of the two clocks is their drift, or a timer that came late. */
const JUMP_MS = 1_000

const FIRST_DELAY_MS = 1_000

/** An alarm that waits for the plan's first time at once. Disposing waits for a ring that runs. */
export const makeAlarm = ({ clock, nextAt, ring, failed, jumped }: AlarmOptions): Alarm => {
  let timer: Disposable | undefined
  // When the clocks were last compared. A plan that changes while one waits does not forget it.
  let seen = { wall: clock.now(), steady: clock.monotonic() }
  let ringing = false
  let rung: Promise<void> | undefined
  let failures = 0
  let ended = false

  /** Whether the wall has jumped since it was last looked at; whoever is to know is told. */
  const hasJumped = (): boolean => {
    const before = seen
    seen = { wall: clock.now(), steady: clock.monotonic() }
    const jump = seen.wall - before.wall - (seen.steady - before.steady)
    if (Math.abs(jump) < JUMP_MS) return false
    jumped?.(jump)
    return true
  }

  const wait = (ms: number, then: () => void): void => {
    timer?.[Symbol.dispose]()
    timer = clock.at(ms, () => {
      if (hasJumped()) plan()
      else then()
    })
  }

  const holdOff = (error: unknown): void => {
    failed(error)
    wait(Math.min(LEG_MS, FIRST_DELAY_MS * 2 ** failures), plan)
    failures += 1
  }

  const ringOnce = async (due: number): Promise<void> => {
    ringing = true
    try {
      const settled = await ring(clock.now())
      ringing = false
      if (ended) return
      if (settled === 0 && nextAt() === due)
        throw new Error(`Nothing was done that was due at ${due}.`)
      failures = 0
      plan()
    } catch (error) {
      ringing = false
      if (!ended) holdOff(error)
    }
  }

  const approach = (due: number): void => {
    const left = due - clock.now()
    if (left > 0) wait(Math.min(left, LEG_MS), () => approach(due))
    else rung = ringOnce(due)
  }

  const plan = (): void => {
    timer?.[Symbol.dispose]()
    timer = undefined
    try {
      const due = nextAt()
      if (due !== null) wait(Math.max(0, Math.min(due - clock.now(), LEG_MS)), () => approach(due))
    } catch (error) {
      holdOff(error)
    }
  }

  plan()
  return {
    reset: () => {
      if (ended || ringing || failures > 0) return
      hasJumped()
      plan()
    },
    [Symbol.asyncDispose]: async () => {
      ended = true
      timer?.[Symbol.dispose]()
      await rung
    },
  }
}
