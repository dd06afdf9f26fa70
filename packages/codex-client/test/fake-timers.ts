// Delays that pass when the test says so.
import type { Timers } from '../src/timers.ts'

export function makeFakeTimers() {
  const due = new Map<number, { at: number; run: () => void }>()
  let now = 0
  let nextId = 0

  const timers: Timers = {
    after(ms, run) {
      const id = nextId++
      due.set(id, { at: now + ms, run })
      return () => void due.delete(id)
    },
  }

  /** Runs what falls due within `ms`, in order, and lets what hangs on it settle in between. */
  const pass = async (ms: number): Promise<void> => {
    const until = now + ms
    for (;;) {
      const next = [...due].filter(([, { at }]) => at <= until).sort((a, b) => a[1].at - b[1].at)[0]
      if (next === undefined) break
      const [id, { at, run }] = next
      due.delete(id)
      now = at
      run()
      await settle()
    }
    now = until
  }

  return { timers, pass, pending: () => [...due.values()].map(({ at }) => at - now) }
}

/** Lets every promise that can go on do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
