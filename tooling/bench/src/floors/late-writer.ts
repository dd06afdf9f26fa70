// A floor, as a program: a timer, and as many occurrences as are due at once written as soon as it fires,
// in one commit that reaches the disk. Nothing is decided and nobody else is asked anything.
//   node late-writer.ts REGISTRY COUNT MOMENT...
// Prints by how many ms each moment was missed, as JSON.
import { setTimeout as pause } from 'node:timers/promises'
import { openStore } from '@dispatch/store'

const [file = '', count = '0', ...moments] = process.argv.slice(2)
using store = openStore({ file })
const triggers = store.triggers.list({
  laneId: null,
  state: 'active',
  limit: Number(count),
  after: null,
})

const writeAll = (scheduledAt: number): void => {
  for (const { id, laneId, text } of triggers) {
    store.triggerRuns.insert({
      id: `${id} ${scheduledAt}`,
      triggerId: id,
      key: `time:${scheduledAt}`,
      cause: 'time',
      outcome: 'planned',
      mode: 'send',
      text,
      reason: null,
      code: null,
      detail: null,
      scheduledAt,
      createdAt: Date.now(),
      firedAt: null,
      laneId,
      eventCursor: null,
      turnId: null,
      seenTurnId: null,
      chain: [],
    })
    store.triggers.update(id, { nextAt: scheduledAt + 86_400_000, scheduledAt, fires: 1 })
  }
}

const late: number[] = []
for (const moment of moments.map(Number)) {
  await pause(moment - Date.now())
  store.durable(() => writeAll(moment))
  late.push(Date.now() - moment)
}
process.stdout.write(JSON.stringify(late))
