// Two ups at the same moment, again and again: the home's lock lets one daemon through.
import type { DownResult, UpResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { eventOf, eventsOf } from '../src/events.ts'
import { makeWorld } from '../src/world.ts'

/** At full size on demand: `FULL_SIZE=1`. */
const RACES = process.env['FULL_SIZE'] ? 100 : 20

const wholeRun = { timeout: 60_000 + RACES * 10_000 }

test('two ups at once, again and again: one daemon each time', wholeRun, async () => {
  await using world = await makeWorld({ codex: null })
  const pids = new Set<number>()
  const said: Record<string, number> = {}
  for (let race = 0; race < RACES; race += 1) {
    const ups = await Promise.all([world.dispatch(['up']), world.dispatch(['up'])])
    expect(ups).toMatchObject([{ code: 0 }, { code: 0 }])
    const [first, second] = ups.map((up) => up.json() as UpResult)
    expect(first?.pid).toBe(second?.pid)
    expect([first?.status, second?.status]).toContain('started')
    pids.add(Number(first?.pid))
    for (const word of [first?.status, second?.status]) said[`${word}`] = (said[`${word}`] ?? 0) + 1
    const down = (await world.dispatch(['down'])).json() as DownResult
    expect(down).toMatchObject({ status: 'stopped', pid: first?.pid })
  }
  console.log(`${RACES} races: ${pids.size} daemons, said ${JSON.stringify(said)}`)
  expect(pids.size).toBe(RACES)
  // The loser of each says so.
  expect(said).toEqual({ started: RACES, already_running: RACES })
  const watched = ['watch', '--follow', '--after', '0', '--type', 'daemon.started']
  await using watch = world.follow(watched)
  await world.dispatch(['up'])
  const { pid } = await world.status()
  await eventOf(watch, ({ data }) => data['pid'] === pid)
  // One more that came up for this look.
  expect(eventsOf(watch)).toHaveLength(RACES + 1)
})
