import type { TriggerRow } from '@dispatch/store'
import { expect, it } from 'vitest'
import { makePreparing } from './preparing.ts'
import type { Timetable } from './timetable.ts'

const prepare = (ids: readonly string[], ahead: (id: string) => void) =>
  makePreparing({
    clock: { now: () => 7 } as never,
    store: { triggers: { upcoming: () => ids.map((id) => ({ id })) } } as never,
    timetable: {
      ahead: ({ id }: TriggerRow) => {
        ahead(id)
        return { nextAt: null, scheduledAt: null }
      },
    } as unknown as Timetable,
  })

const round = () => new Promise<void>((resolve) => void setImmediate(resolve))

it('reads one in a round of the loop, past one that cannot be read, until it is disposed', async () => {
  const read: string[] = []
  const preparing = prepare(['a', 'b', 'c', 'd'], (id) => {
    read.push(id)
    if (id === 'b') throw new Error('no cron')
  })
  expect(read).toEqual([])
  preparing.begin()
  await round()
  await round()
  await round()
  expect(read).toEqual(['a', 'b', 'c'])
  preparing[Symbol.dispose]()
  await round()
  expect(read).toEqual(['a', 'b', 'c'])
})
