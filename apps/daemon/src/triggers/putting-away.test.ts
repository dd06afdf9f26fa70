import { expect, it } from 'vitest'
import { addLane, deliveryRow, itemFact, makeBench, triggerRow } from '../../test/bench.ts'
import { runRow } from '../../test/trigger-room.ts'
import { makePuttingAway } from './putting-away.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

it.each([
  ['goes, where its message was lost with the turn that Codex began for it', null, ['a']],
  ['stays, where a person has begun that turn', 'userMessage', []],
])('a lane that a trigger made %s', (_how, type, expected) => {
  using bench = makeBench()
  const { store } = bench
  addLane(store, 'a', { callId: 'r', latestTurnId: 'u' })
  store.triggers.insert(triggerRow('t', { action: 'new', laneId: null }))
  store.triggerRuns.insert(runRow('r', { mode: 'new', outcome: 'failed', laneId: null }))
  store.deliveries.insert(deliveryRow('r', 'a', { state: 'failed', turnId: null }))
  if (type !== null) {
    const { clientId: _clientId, ...item } = itemFact('i', { type })
    store.items.upsert({ ...item, threadId: 'a', turnId: 'u' })
  }
  const archived: string[] = []
  const putAway = makePuttingAway({
    ...bench,
    log: silent,
    newId: () => 'n',
    archive: ({ lane }) => {
      archived.push(lane)
      return undefined as never
    },
  })
  putAway('a')
  expect(archived).toEqual(expected)
})
