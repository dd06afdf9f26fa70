import { expect, it } from 'vitest'
import { addLane, makeBench } from '../../test/bench.ts'
import { everyRow, makeTriggerRoom } from '../../test/trigger-room.ts'
import { makeTurnstile } from '../clock/turnstile.ts'

const HOUR = 3_600_000

it('acts on one in a round of the event loop where many are due at once', async () => {
  using bench = makeBench()
  const { store, clock } = bench
  const ids = Array.from({ length: 30 }, (_, index) => `t${index}`)
  const due = everyRow(HOUR, { nextAt: clock.now(), armedAt: clock.now() - HOUR })
  for (const id of ids) {
    addLane(store, id)
    store.triggers.insert({ ...due, id, laneId: id })
  }
  let round = 0
  let counting = true
  const count = (): void => {
    round += 1
    if (counting) setImmediate(count)
  }
  const rounds = new Map<number, number>()
  const before = (): void => void rounds.set(round, (rounds.get(round) ?? 0) + 1)
  const paced = { ...bench, pass: makeTurnstile() }
  await using room = makeTriggerRoom(paced, { before })
  setImmediate(count)
  // That no Codex is to be waited for is known in the next round.
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(0)
  while (room.said.length < ids.length) await new Promise((resolve) => setImmediate(resolve))
  await room.triggers.drained()
  counting = false
  expect(ids.flatMap((id) => room.runs(id).map(({ outcome }) => outcome))).toEqual(
    ids.map(() => 'fired'),
  )
  expect(Math.max(...rounds.values())).toBe(1)
})
