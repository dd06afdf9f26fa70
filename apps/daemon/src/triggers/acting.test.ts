import { describe, expect, it } from 'vitest'
import { addLane, makeBench } from '../../test/bench.ts'
import { everyRow, fullEvents, makeTriggerRoom } from '../../test/trigger-room.ts'
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

describe('one whose outcome could not be written', () => {
  it.each(['handed over', 'refused'] as const)(
    'is gone on with by the same daemon when it can be: it was %s',
    async (how) => {
      using bench = makeBench()
      const { store, clock } = bench
      addLane(store, 'a')
      let isFull = false
      let asked = 0
      const before = (): void => {
        asked += 1
        isFull = asked === 1
        if (isFull && how === 'refused') throw new Error(how)
      }
      const events = fullEvents(bench.events, () => isFull)
      await using room = makeTriggerRoom({ ...bench, events }, { before })
      const turn = async (ms: number): Promise<void> => {
        await new Promise((resolve) => setImmediate(resolve))
        clock.advance(ms)
        await new Promise((resolve) => setImmediate(resolve))
        await room.triggers.drained()
      }
      await turn(0)
      const spec = { maxFires: 1 } as const
      store.triggers.insert(everyRow(HOUR, { armedAt: 0, nextAt: clock.now(), spec }))
      room.triggers.resume()
      await turn(0)
      expect(room.runs()).toMatchObject([{ outcome: 'planned' }])
      isFull = false
      await turn(10_000)
      expect(room.runs()).toMatchObject([{ outcome: 'fired' }])
      expect(room.said).toEqual([['a', 'hi']])
      expect(store.triggers.get('t')).toMatchObject({ state: 'done', fires: 1, failures: 0 })
      expect(store.audit.after(0, 10).map(({ op, outcome }) => [op, outcome])).toEqual([
        ['trigger.fire', 'ok'],
      ])
    },
  )
})
