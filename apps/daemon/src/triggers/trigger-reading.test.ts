import { expect, it } from 'vitest'
import { addLane, makeBench } from '../../test/bench.ts'
import { everyRow, makeTriggerRoom } from '../../test/trigger-room.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000

it('names what comes next in its order, however many rest after failures before it', async () => {
  using bench = makeBench()
  addLane(bench.store, 'a')
  await using room = makeTriggerRoom(bench)
  const every = (id: string, minutes: number, failures: number) =>
    bench.store.triggers.insert({
      ...everyRow(minutes * MINUTE, { armedAt: START, nextAt: START + minutes * MINUTE }),
      id,
      name: id,
      failures,
      backoffUntil: failures > 0 ? START + 30 * MINUTE : null,
    })
  for (const id of ['f1', 'f2', 'f3']) every(id, 1, 4)
  every('well', 20, 0)
  const { times } = await room.trigger.next({ limit: 3 }, room.person())
  expect(times.map(({ name, at }) => [name, (Date.parse(at) - START) / MINUTE])).toEqual([
    ['well', 20],
    ['f1', 30],
    ['f2', 30],
  ])
})

it.each(['list', 'runs'] as const)('refuses what is no cursor of its list: %s', async (op) => {
  using bench = makeBench()
  await using room = makeTriggerRoom(bench)
  const asked = async () => await room.trigger[op]({ cursor: 'zzz' }, room.person())
  await expect(asked).rejects.toMatchObject({
    code: 'validation',
    hint: `dispatch trigger ${op}`,
  })
})
