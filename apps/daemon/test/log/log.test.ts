import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DispatchError } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { makeLog } from '../../src/log/log.ts'
import { openRotatingFile } from '../../src/log/rotating-file.ts'
import { makeTestDirectory } from '../serve/listening.ts'

const collect = () => {
  const lines: string[] = []
  const log = makeLog({
    now: () => 0,
    destinations: [{ write: (line) => void lines.push(line) }],
  })
  return { log, last: () => JSON.parse(lines.at(-1) ?? 'null') }
}

test('a line has time, level, words and fields; debug is left out', () => {
  const { log, last } = collect()
  log.warn('codex.lost', { pid: 7, dead: true })
  log.debug('codex.noise')
  expect(last()).toEqual({
    level: 'warn',
    at: '1970-01-01T00:00:00.000Z',
    message: 'codex.lost',
    fields: { pid: 7, dead: true },
  })
})

test('fields carry shape, never content', () => {
  const { log, last } = collect()
  const secret = { text: 'the message', token: 'sk-1' }
  log.error('call.failed', { ...secret, event: secret, count: 3, reason: 'x'.repeat(5_000) })
  expect(JSON.stringify(last())).not.toMatch(/the message|sk-1/)
  expect(last().fields).toMatchObject({ count: 3, event: { kind: 'object' } })
  expect(last().fields.reason).toHaveLength(300)
  log.error('call.failed', { error: new DispatchError('validation', 'bad: the message') })
  expect(last().fields.error).toEqual({ name: 'DispatchError', code: 'validation' })
  const broken = (() => {
    try {
      return JSON.parse('{"the message"')
    } catch (error) {
      return error
    }
  })()
  log.error('call.failed', { error: broken })
  expect(JSON.stringify(last())).not.toContain('the message')
  log.error('call.failed', { error: new TypeError('x is not a function') })
  expect(last().fields.error).toMatchObject({ name: 'TypeError', message: 'x is not a function' })
  expect(last().fields.error.stack.length).toBeGreaterThan(0)
})

test('files rotate by size, five are kept, each private', () => {
  using directory = makeTestDirectory()
  const path = join(directory.path, 'x.log')
  using file = openRotatingFile(path, 100)
  for (let number = 0; number < 20; number += 1) file.write(`${String(number).padEnd(49, '.')}\n`)
  expect(readFileSync(path, 'utf8')).toMatch(/^18\.+\n19\.+\n$/)
  expect(readFileSync(`${path}.4`, 'utf8')).toMatch(/^10\.+\n11\.+\n$/)
  expect(existsSync(`${path}.5`)).toBe(false)
  expect(statSync(`${path}.1`).mode & 0o777).toBe(0o600)
})
