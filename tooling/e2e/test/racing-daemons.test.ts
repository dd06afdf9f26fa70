// Daemons that somebody starts by hand, all at the same moment: the home's lock lets one through.
import { expect, test } from 'vitest'
import { follow } from '../src/spawn.ts'
import { makeWorld } from '../src/world.ts'

const RACERS = 8

test(`${RACERS} dispatchd run at once: one serves, the others say that it does`, async () => {
  await using world = await makeWorld()
  await using stack = new AsyncDisposableStack()
  const racers = Array.from({ length: RACERS }, () =>
    stack.use(follow(world.script('DISPATCH_READY_FD=1 exec dispatchd run'))),
  )
  const first = await Promise.all(racers.map(({ line }) => line(() => true)))
  const winners = racers.filter((_racer, at) => first[at]?.includes('"ready":true'))
  expect(winners).toHaveLength(1)
  const losers = racers.filter((racer) => racer !== winners[0])
  for (const loser of losers) {
    expect(await loser.ended).toBe(9)
    // Who was first is known once it has said so itself.
    const { held, pid } = JSON.parse(loser.lines[0] ?? '') as { held: boolean; pid: number | null }
    expect({ held, known: [null, winners[0]?.pid].includes(pid) }).toEqual({
      held: true,
      known: true,
    })
    expect(loser.errors()).toContain(world.home)
  }
  expect((await world.status()).pid).toBe(winners[0]?.pid)
  console.log(`${RACERS} daemons at once: ${winners.length} serves, ${losers.length} say so`)
})
