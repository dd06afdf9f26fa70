import { describe, expect, it } from 'vitest'
import { addLane, makeBench } from '../../test/bench.ts'
import { everyRow, makeTriggerRoom } from '../../test/trigger-room.ts'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

describe('a trigger that is changed', () => {
  it.each([
    ['edited', 'edit'],
    ['paused', 'pause'],
  ] as const)('acts as it was on what was due before: %s', async (_how, op) => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    await using room = makeTriggerRoom(bench)
    bench.store.triggers.insert(everyRow(HOUR, { armedAt: START, nextAt: START + HOUR }))
    bench.clock.setNow(START + HOUR + 1)
    const { text } = bench.store.triggers.get('t') ?? { text: '' }
    if (op === 'edit') await room.trigger.edit({ trigger: 't', text: 'new' }, room.person())
    else await room.trigger.pause({ trigger: 't' }, room.person())
    await room.triggers.drained()
    expect(room.runs()).toMatchObject([{ outcome: 'fired', scheduledAt: START + HOUR }])
    expect(room.said).toEqual([['a', text]])
  })

  it('keeps what comes late by its jitter, and the place in the log, where its times are the same', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    await using room = makeTriggerRoom(bench)
    const at = START + HOUR
    const spec = { jitterMs: HOUR / 2 }
    const made = everyRow(HOUR, { armedAt: START, nextAt: at + 60_000, scheduledAt: at, spec })
    bench.store.triggers.insert(made)
    bench.events.commit((tx) => tx.append({ threadId: 'a', type: 'gap', data: {} }))
    bench.clock.setNow(at + 1)
    await room.trigger.edit({ trigger: 't', text: 'new' }, room.person())
    const { armedSeq } = made
    expect(bench.store.triggers.get('t')).toMatchObject({ scheduledAt: at, armedSeq, text: 'new' })
    await room.trigger.edit({ trigger: 't', seconds: 7_200 }, room.person())
    const moved = bench.store.triggers.get('t')
    expect(moved?.armedSeq).toBeGreaterThan(armedSeq)
    expect(moved?.armedAt).toBe(at + 1)
  })
})
