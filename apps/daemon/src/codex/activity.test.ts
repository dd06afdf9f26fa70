import { expect, it } from 'vitest'
import { statToActivity, watchActivity } from './activity.ts'

it('reads state and processor time behind any name', () => {
  const stat = '42 (a) b (c)) T 1 42 42 0 -1 4194304 100 0 0 0 17 5 0 0 20 0 1 0 99'
  expect(statToActivity(stat)).toEqual({ state: 'T', ticks: 22 })
})

it.runIf(process.platform === 'linux')(
  'sees a process at work, and takes none that it cannot see for idle',
  () => {
    const hasWorked = watchActivity(process.pid)
    const until = performance.now() + 60
    while (performance.now() < until) Math.sqrt(until)
    expect(hasWorked()).toBe(true)
    expect(watchActivity(null)()).toBe(true)
    expect(watchActivity(2 ** 30)()).toBe(true)
  },
)

it.runIf(process.platform === 'linux')('sees one that does nothing', () => {
  // The first process of a machine, or of a container, sleeps.
  const hasWorked = watchActivity(process.ppid)
  expect(hasWorked()).toBe(false)
})
