import { describe, expect, it } from 'vitest'
import { fakeClock } from '../clock/fake-clock.ts'
import { makeLaneChanges } from './lane-changes.ts'

const makeRoom = () => {
  const clock = fakeClock()
  const abort = new AbortController()
  const state = { met: false, asked: 0 }
  const changes = makeLaneChanges(clock)
  const until = (ids: string[], timeoutMs: number | null = null) =>
    changes.until(
      ids,
      () => {
        state.asked += 1
        return state.met
      },
      { signal: abort.signal, timeoutMs },
    )
  return { clock, abort, state, changes, until }
}

describe('waiting for a lane', () => {
  it('is over at once where it is so already', async () => {
    const { state, until, clock } = makeRoom()
    state.met = true
    expect(await until(['a'], 5)).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  it('asks again when one of its lanes was touched, and only then', async () => {
    const { state, changes, until } = makeRoom()
    const waiting = until(['a', 'b'])
    changes.touched(['c'])
    expect(state.asked).toBe(1)
    changes.touched(['a'])
    expect(state.asked).toBe(2)
    state.met = true
    changes.touched(new Set(['b']))
    expect(await waiting).toBe(true)
    changes.touched(['a', 'b'])
    expect(state.asked).toBe(3)
  })

  it('gives up when time is up', async () => {
    const { clock, changes, state, until } = makeRoom()
    const waiting = until(['a'], 1_000)
    clock.advance(999)
    expect(clock.pending()).toBe(1)
    clock.advance(1)
    expect(await waiting).toBe(false)
    changes.touched(['a'])
    expect(state.asked).toBe(1)
  })

  it('ends when the caller leaves, before or meanwhile', async () => {
    const { abort, clock, state, changes, until } = makeRoom()
    const waiting = until(['a'], 1_000)
    abort.abort(new Error('left'))
    await expect(waiting).rejects.toThrow('left')
    expect(clock.pending()).toBe(0)
    changes.touched(['a'])
    expect(state.asked).toBe(1)
    state.met = true
    await expect(until(['a'])).rejects.toThrow('left')
  })

  it('hears of a predicate that fails', async () => {
    const changes = makeLaneChanges(fakeClock())
    let fails = false
    const limits = { signal: new AbortController().signal, timeoutMs: null }
    const isMet = () => {
      if (fails) throw new Error('gone')
      return false
    }
    const waiting = changes.until(['a'], isMet, limits)
    fails = true
    changes.touched(['a'])
    await expect(waiting).rejects.toThrow('gone')
  })
})
