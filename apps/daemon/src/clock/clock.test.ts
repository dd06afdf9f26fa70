import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock, TIMER_MAX } from './clock.ts'
import { fakeClock } from './fake-clock.ts'

afterEach(() => void vi.useRealTimers())

describe('system clock', () => {
  it('waits longer than one timer of Node can', () => {
    vi.useFakeTimers()
    const fired = vi.fn<() => void>()
    using _timer = systemClock.at(TIMER_MAX * 2 + 1_000, fired)
    vi.advanceTimersByTime(TIMER_MAX * 2 + 999)
    expect(fired).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2)
    expect(fired).toHaveBeenCalledOnce()
  })

  it('is called off by disposing', () => {
    vi.useFakeTimers()
    const fired = vi.fn<() => void>()
    systemClock.at(5, fired)[Symbol.dispose]()
    vi.advanceTimersByTime(10)
    expect(fired).not.toHaveBeenCalled()
  })
})

describe('fake clock', () => {
  it('runs what falls due in order, each at its time, also what is set meanwhile', () => {
    const clock = fakeClock(1_000)
    const seen: [string, number][] = []
    clock.at(20, () => seen.push(['b', clock.now()]))
    clock.at(10, () => {
      seen.push(['a', clock.now()])
      clock.at(5, () => seen.push(['c', clock.monotonic()]))
    })
    clock.at(99, () => seen.push(['late', 0]))
    clock.setNow(5_000)
    clock.advance(30)
    expect(seen).toEqual([
      ['a', 5_010],
      ['c', 15],
      ['b', 5_020],
    ])
    expect(clock.pending()).toBe(1)
    expect(clock.now()).toBe(5_030)
  })
})
