import { appendFileSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followLog, readLog } from '../src/index.ts'
import { makeTestHome } from './fake-daemon.ts'

const at = '2026-01-01T00:00:00.000Z'
const lineOf = (n: number, level = 'info') =>
  `${JSON.stringify({ level, at, message: `m${n}`, fields: { n } })}\n`

const makeLogFile = () => {
  const home = makeTestHome()
  const file = join(home.home, 'logs/dispatchd.log')
  mkdirSync(dirname(file))
  const rotate = (): void => {
    for (const [from, to] of [
      [`${file}.1`, `${file}.2`],
      [file, `${file}.1`],
    ] as const) {
      try {
        renameSync(from, to)
      } catch {
        // Not there yet.
      }
    }
  }
  return { file, rotate, [Symbol.dispose]: () => home[Symbol.dispose]() }
}

test('the newest lines across files, bad and half-written ones left out', () => {
  using log = makeLogFile()
  expect(readLog({ file: log.file })).toEqual([])
  appendFileSync(log.file, lineOf(1) + lineOf(2, 'error') + lineOf(3, 'debug'))
  log.rotate()
  appendFileSync(log.file, `not json\n${lineOf(4)}{"at":"x"}\n${lineOf(5).slice(0, 20)}`)
  const numbers = (options: object) =>
    readLog({ file: log.file, ...options }).map(({ fields }) => fields['n'])
  expect(numbers({})).toEqual([1, 2, 4])
  expect(numbers({ limit: 2 })).toEqual([2, 4])
  expect(numbers({ level: 'debug' })).toEqual([1, 2, 3, 4])
  expect(numbers({ level: 'error' })).toEqual([2])
})

test('reading from the end gives what reading from the start gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 10 }),
      (sizes, limit) => {
        using log = makeLogFile()
        const records = sizes.map((size, n) => ({
          level: 'info' as const,
          at,
          message: 'ä'.repeat(size),
          fields: { n },
        }))
        appendFileSync(log.file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
        expect(readLog({ file: log.file, limit })).toEqual(records.slice(-limit))
      },
    ),
    { numRuns: 30 },
  )
})

test('a follower sees every line once, through rotations and in pieces', async () => {
  using log = makeLogFile()
  appendFileSync(log.file, lineOf(1) + lineOf(2))
  const events = followLog({ file: log.file, limit: 1 })
  const next = async () => (await events.next()).value?.fields.n
  expect(await next()).toBe(2)
  appendFileSync(log.file, lineOf(3).slice(0, 10))
  appendFileSync(log.file, lineOf(3).slice(10) + lineOf(4))
  expect([await next(), await next()]).toEqual([3, 4])
  appendFileSync(log.file, lineOf(5))
  log.rotate()
  appendFileSync(log.file, lineOf(6))
  log.rotate()
  appendFileSync(log.file, lineOf(7))
  expect([await next(), await next(), await next()]).toEqual([5, 6, 7])
  await events.return?.()
})

test('following begins before there is a log and ends with the signal', async () => {
  using log = makeLogFile()
  const leaving = new AbortController()
  const events = followLog({ file: log.file, signal: leaving.signal })
  const next = events.next()
  appendFileSync(log.file, lineOf(1))
  expect((await next).value?.message).toBe('m1')
  const last = events.next()
  leaving.abort()
  expect((await last).done).toBe(true)
})

test('a log that was moved away, with none in its place yet, is waited for', async () => {
  using log = makeLogFile()
  appendFileSync(log.file, lineOf(1))
  const events = followLog({ file: log.file, limit: 1 })
  const next = async () => (await events.next()).value?.fields.n
  expect(await next()).toBe(1)
  log.rotate()
  // The folder tells of the move only when the loop has its turn.
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
  appendFileSync(log.file, lineOf(2))
  expect(await next()).toBe(2)
  await events.return?.()
})
