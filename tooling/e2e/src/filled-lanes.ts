// A registry with lanes that have said something, for tests of what the daemon makes of them: filled
// before it starts.
import { join } from 'node:path'
import { type LaneRow, openStore } from '@dispatch/store'
import { laneRow } from '@dispatch/store/testing'
import type { World } from './world.ts'

type Filling = {
  lanes: number
  /** Items of each lane. */
  items: number
  text: (number: number) => string
  /** The file of one more lane, which has no items. */
  rolloutPath: string
}

const START = Date.UTC(2026, 5, 1)

const threadIdOf = (number: number): string =>
  `019bd000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`

const rowOf = (number: number, ref: string, cwd: string): LaneRow =>
  laneRow(threadIdOf(number), {
    ref,
    name: `lane-${number}`,
    handle: `@lane-${number}`,
    title: `lane-${number}`,
    cwd,
    callId: `019bd000-0001-7000-8000-${number.toString(16).padStart(12, '0')}`,
    createdAt: START + number,
    updatedAt: START + number,
  })

/** Fills the registry of a world whose daemon has not started yet; the lane that has the file. */
export const fillLanes = ({ home, work }: World, filling: Filling): string => {
  using store = openStore({ file: join(home, 'registry.db') })
  store.transaction(() => {
    for (let number = 0; number <= filling.lanes; number += 1) {
      const row = rowOf(number, store.refs.allocate(threadIdOf(number)), work)
      const hasFile = number === filling.lanes
      store.lanes.insert(hasFile ? { ...row, rolloutPath: filling.rolloutPath } : row)
      for (let item = 0; !hasFile && item < filling.items; item += 1) {
        const at = START + number * 10_000_000 + item * 1_000
        store.items.upsert({
          threadId: row.threadId,
          turnId: `turn-${Math.floor(item / 50)}`,
          id: `item-${item}`,
          type: 'commandExecution',
          text: filling.text(item),
          status: 'completed',
          startedAt: at,
          completedAt: at,
        })
      }
    }
  })
  return `@lane-${filling.lanes}`
}
