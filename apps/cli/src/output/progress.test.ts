import { expect, test } from 'vitest'
import { makeFakeIo } from '../testing/fake-io.ts'
import { showProgress } from './progress.ts'

// An Io whose time is told to go on.
const at = (env: Record<string, string> = {}) => {
  let now = 0
  const ticks: (() => void)[] = []
  const io = makeFakeIo({ terminal: true, env })
  const timed = {
    ...io,
    now: () => now,
    every: (_milliseconds: number, listener: () => void) => {
      ticks.push(listener)
      return () => undefined
    },
  }
  const wait = (milliseconds: number): void => {
    now += milliseconds
    for (const tick of ticks) tick()
  }
  return { io, timed, wait }
}

test('from the second second on, and wiped without an escape sequence', () => {
  const { io, timed, wait } = at()
  const wipe = showProgress('send', timed)
  wait(999)
  expect(io.err).toBe('')
  wait(9_001)
  expect(io.err).toBe('\r⠙ send 10s')
  wipe()
  expect(io.err).toBe(`\r⠙ send 10s\r${' '.repeat(12)}\r`)
})

test('nothing of it where it was over before, and on a terminal that cannot go back', () => {
  const quick = at()
  showProgress('send', quick.timed)()
  const dumb = at({ TERM: 'dumb' })
  const wipe = showProgress('send', dumb.timed)
  dumb.wait(5_000)
  wipe()
  expect(quick.io.err + dumb.io.err).toBe('')
})
