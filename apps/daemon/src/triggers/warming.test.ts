import { setImmediate as round } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { addLane, type Bench, makeBench, triggerRow } from '../../test/bench.ts'
import { warmUp } from './warming.ts'

const nothing = { nextAt: null, scheduledAt: null }

const insert = (bench: Bench, times: Readonly<Record<string, number | null>>): void => {
  const lane = addLane(bench.store, 'a')
  for (const [name, nextAt] of Object.entries(times)) {
    const row = { name, laneId: lane.threadId, nextAt, scheduledAt: nextAt }
    bench.store.triggers.insert(triggerRow(name, row))
  }
}

const recording = () => {
  const reckoned: string[] = []
  const ahead = ({ id }: { id: string }): typeof nothing => {
    reckoned.push(id)
    return nothing
  }
  return { reckoned, timetable: { ahead } }
}

it('reckons with what is due next, the next one first, a second after the start', async () => {
  using bench = makeBench()
  insert(bench, { later: 2, first: 1, never: null })
  const { reckoned, timetable } = recording()
  using _warming = warmUp({ ...bench, timetable })
  bench.clock.advance(999)
  expect(reckoned).toEqual([])
  bench.clock.advance(1)
  await vi.waitFor(() => expect(reckoned).toEqual(['first', 'later']))
})

it('stops where the daemon ends', async () => {
  using bench = makeBench()
  insert(bench, { first: 1, later: 2 })
  const { reckoned, timetable } = recording()
  const warming = warmUp({ ...bench, timetable })
  bench.clock.advance(1_000)
  warming[Symbol.dispose]()
  await round()
  await round()
  expect(reckoned).toEqual(['first'])
})

it('goes on where one cannot be reckoned with', async () => {
  using bench = makeBench()
  insert(bench, { spoiled: 1, sound: 2 })
  const ahead = vi.fn<() => never>(() => {
    throw new Error('spoiled')
  })
  using _warming = warmUp({ ...bench, timetable: { ahead } })
  bench.clock.advance(1_000)
  await vi.waitFor(() => expect(ahead).toHaveBeenCalledTimes(2))
})
