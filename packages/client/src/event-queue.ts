// Events between the socket that brings them and the consumer that takes them. Bounded by asking the
// socket to stop: a consumer that lags holds at most `high` events and one chunk of the socket.

type QueueOptions = {
  high: number
  low: number
  /** Called with true when no more should come, with false when there is room again. */
  onHold: (hold: boolean) => void
  /** Called once when the consumer leaves before the end. */
  onReturn: () => void
}

type Waiter<T> = {
  resolve: (step: IteratorResult<T>) => void
  reject: (error: unknown) => void
}

/** A queue whose reading end is an iterator; `return()` ends it even while a read is pending. */
export type EventQueue<T> = {
  push(event: T): void
  /** No more events; what is queued is still read. */
  end(): void
  /** The reader gets what is queued, then the error. */
  fail(error: unknown): void
  iterator: AsyncIterableIterator<T>
}

/** Makes a queue. */
export const makeEventQueue = <T>({ high, low, onHold, onReturn }: QueueOptions): EventQueue<T> => {
  let events: T[] = []
  let read = 0
  let held = false
  let ended = false
  let failure: { error: unknown } | undefined
  const waiters: Waiter<T>[] = []

  const hold = (value: boolean): void => {
    if (held === value) return
    held = value
    onHold(value)
  }

  const shift = (): T => {
    const event = events[read] as T
    read += 1
    const left = events.length - read
    if (left === 0 || read > 1_024) {
      events = left === 0 ? [] : events.slice(read)
      read = 0
    }
    if (held && left <= low) hold(false)
    return event
  }

  const settle = (): void => {
    ended = true
    hold(false)
    for (const waiter of waiters.splice(0)) {
      if (failure) waiter.reject(failure.error)
      else waiter.resolve({ done: true, value: undefined })
      failure = undefined
    }
  }

  const next = (): Promise<IteratorResult<T>> => {
    if (read < events.length) return Promise.resolve({ done: false, value: shift() })
    if (failure) {
      const { error } = failure
      failure = undefined
      return Promise.reject(error)
    }
    if (ended) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => waiters.push({ resolve, reject }))
  }

  const leave = (): Promise<IteratorResult<T>> => {
    const before = ended
    events = []
    read = 0
    failure = undefined
    settle()
    if (!before) onReturn()
    return Promise.resolve({ done: true, value: undefined })
  }

  const iterator: AsyncIterableIterator<T> = {
    next,
    return: leave,
    [Symbol.asyncIterator]: () => iterator,
  }

  return {
    iterator,
    push(event) {
      if (ended) return
      const waiter = waiters.shift()
      if (waiter) return waiter.resolve({ done: false, value: event })
      events.push(event)
      if (events.length - read >= high) hold(true)
    },
    end: () => {
      if (!ended) settle()
    },
    fail(error) {
      if (ended) return
      failure = { error }
      settle()
    },
  }
}
