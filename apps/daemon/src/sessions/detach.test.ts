import { expect, it } from 'vitest'
import { addLane, goalRow, makeBench } from '../../test/bench.ts'
import { refusalOfBusy } from './detach.ts'

it('a lane that works at a goal is stopped, not waited for', () => {
  using bench = makeBench()
  const { store } = bench
  const lane = addLane(store, 't', { activeTurnId: 'u', status: 'busy' })
  expect(refusalOfBusy(store, lane, 'release')?.hint).toContain('dispatch wait')
  store.goals.put(goalRow('t'))
  const refusal = refusalOfBusy(store, lane, 'release')
  expect(refusal).toMatchObject({ code: 'lane_busy' })
  expect(refusal?.hint).toBe(
    `dispatch stop ${lane.ref} pauses it; then dispatch release ${lane.ref}`,
  )
  const asking = { ...lane, status: 'waiting_approval' as const, activeTurnId: null }
  expect(refusalOfBusy(store, asking, 'release')?.hint).toContain('dispatch request list')
})
