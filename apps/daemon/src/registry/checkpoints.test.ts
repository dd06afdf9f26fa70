import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { makeBench } from '../../test/bench.ts'
import { makeCheckpoints } from './checkpoints.ts'

/** The WAL cannot be looked at with so many pages, nor its threshold be set. */
const UNREADABLE = -1

const silent = { debug() {}, info() {}, warn() {}, error() {} }

const makeSide = (how: { startsWhenAsked: boolean; fails?: boolean }) => {
  const bench = makeBench()
  const thresholds: number[] = []
  let pages = 0
  let asked = 0
  let isRunning = false
  let ended = (): void => {}
  const refuse = (): void => {
    if (pages === UNREADABLE) throw new Error('the registry is locked')
  }
  const checkpoints = makeCheckpoints({
    ...bench,
    log: silent,
    store: {
      wal: {
        pages: () => {
          refuse()
          return pages
        },
        checkpointAt: (at) => {
          refuse()
          thresholds.push(at)
        },
      },
    },
    thread: {
      isRunning: () => isRunning,
      checkpoint: async () => {
        asked += 1
        isRunning ||= how.startsWhenAsked
        await turn()
        if (how.fails) throw new Error('the index is off')
      },
      ended: (fn) => {
        ended = fn
        return {
          [Symbol.dispose]: () => {
            ended = () => {}
          },
        }
      },
    },
  })
  return {
    checkpoints,
    thresholds,
    asked: () => asked,
    clock: bench.clock,
    end: () => {
      isRunning = false
      ended()
    },
    commit: (grown: number) => {
      pages = grown
      bench.clock.advance(5)
      bench.events.commit((tx) => tx.append({ threadId: null, type: 'gap', data: {} }))
    },
    [Symbol.dispose]: () => {
      checkpoints[Symbol.dispose]()
      bench[Symbol.dispose]()
    },
  }
}

test('without a thread the commit makes them, until more comes in than is written', async () => {
  using side = makeSide({ startsWhenAsked: true })
  side.commit(5_000)
  expect([side.asked(), side.thresholds]).toEqual([0, []])
  side.checkpoints.behind()
  side.commit(999)
  expect(side.thresholds).toEqual([16_000])
  await turn()
  await turn()
  side.commit(999)
  expect(side.asked()).toBe(1)
  side.commit(1_000)
  side.commit(1_000)
  expect(side.asked()).toBe(2)
})

test('the commit makes them again when the thread has ended, and after the end', async () => {
  using side = makeSide({ startsWhenAsked: true })
  side.checkpoints.behind()
  side.commit(0)
  side.end()
  expect(side.thresholds).toEqual([16_000, 1_000])
  await turn()
  await turn()
  side.checkpoints.behind()
  side.commit(0)
  side.checkpoints[Symbol.dispose]()
  side.commit(20_000)
  expect(side.thresholds).toEqual([16_000, 1_000, 16_000, 1_000])
})

test('a thread that cannot is asked again later, and the commit makes them until then', async () => {
  using side = makeSide({ startsWhenAsked: true, fails: true })
  side.checkpoints.behind()
  side.checkpoints.behind()
  side.commit(0)
  expect(side.thresholds).toEqual([16_000])
  await turn()
  await turn()
  side.checkpoints.behind()
  side.commit(5_000)
  expect([side.asked(), side.thresholds]).toEqual([1, [16_000, 1_000]])
  side.clock.advance(5_000)
  side.commit(5_000)
  expect([side.asked(), side.thresholds]).toEqual([2, [16_000, 1_000, 16_000]])
})

test('a WAL that cannot be looked at is no failure of the commit', async () => {
  using side = makeSide({ startsWhenAsked: true })
  side.checkpoints.behind()
  side.commit(UNREADABLE)
  expect(side.thresholds).toEqual([])
  side.commit(0)
  side.commit(UNREADABLE)
  side.end()
  side.commit(0)
  expect(side.thresholds).toEqual([16_000, 1_000])
})
