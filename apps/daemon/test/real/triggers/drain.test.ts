// What falls due while a daemon waits for its turns to end before it leaves.
import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../../composed.ts'
import { add, asked, comes, done, nth, runsOf } from './watching.ts'

/** A daemon that drains, with a turn that runs on one lane and a trigger whose time has come on another. */
const drainUntilDue = async (place: Place, running: RunningDaemon, signal: AbortSignal) => {
  await running.ops().new({ name: 'a', text: 'gate: g' })
  await place.model.waitForGate('g')
  await running.ops().new({ name: 'b', send: false })
  await add(running, { lane: '@b', seconds: 3_600 })
  const drained = running.ops({ signal }).daemon.shutdown({ codex: true, drain: true })
  const refused = running.ops().send({ lane: '@b', text: 'reply: no' })
  await expect(refused).rejects.toMatchObject({ cause: { code: 'lane_busy' } })
  await comes(running)
  return { drained }
}

describe('what falls due while the daemon drains', () => {
  it('is left to the next one, which acts on it once', async () => {
    await using place = await makePlace()
    let due = ''
    {
      await using first = place.start()
      const { signal } = new AbortController()
      const { drained } = await drainUntilDue(place, first, signal)
      due = (await first.ops().trigger.get({ trigger: 't' })).nextAt ?? ''
      place.model.open('g')
      await drained
      expect(await runsOf(first)).toEqual([])
      await first.daemon.link.end()
    }
    await using second = place.start()
    await nth(second, 'trigger.fired')
    await done(second, '@b')
    expect(await runsOf(second)).toMatchObject([{ outcome: 'fired', scheduledAt: due }])
    expect(asked(place.model)).toEqual(['gate: g', 'reply: fired'])
  })

  it('is acted on at once where the daemon stays after all', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const abort = new AbortController()
    const { drained } = await drainUntilDue(place, running, abort.signal)
    expect(await runsOf(running)).toEqual([])
    abort.abort(new Error('given up'))
    await expect(drained).rejects.toThrow('given up')
    await nth(running, 'trigger.fired')
    await done(running, '@b')
    expect(asked(place.model)).toEqual(['gate: g', 'reply: fired'])
    place.model.open('g')
    await done(running, '@a')
  })
})
