import { expect, it } from 'vitest'
import { makeTurnstile } from './turnstile.ts'

it('lets one through a round of the event loop, in the order of asking', async () => {
  const turn = makeTurnstile()
  let round = 0
  let counting = true
  const count = (): void => {
    round += 1
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  const passed: { number: number; round: number }[] = []
  const all = [0, 1, 2, 3].map(async (number) => {
    await turn()
    passed.push({ number, round })
  })
  await Promise.all(all)
  counting = false
  expect(passed.map(({ number }) => number)).toEqual([0, 1, 2, 3])
  expect(new Set(passed.map((one) => one.round)).size).toBe(4)
})
