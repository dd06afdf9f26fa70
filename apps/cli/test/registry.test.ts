// registry through the bin: what needs the store is done by the daemon's program, with no daemon.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dispatch } from './spawned.ts'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dispatch-cli-'))
})
afterAll(() => rmSync(home, { recursive: true }))

test('a home that never was is left so', async () => {
  const { status, out, err } = await dispatch(['registry', 'verify'], { home })
  expect(status).toBe(2)
  expect(JSON.parse(out.toString())).toMatchObject({ status: 'fail' })
  expect(JSON.parse(err).error).toMatchObject({ code: 'validation' })
  expect((await dispatch(['registry', 'migrate'], { home })).status).toBe(2)
  expect(existsSync(join(home, 'dispatch'))).toBe(false)
})

test('a copy is put back only when somebody says so; --text prints text', async () => {
  const unconfirmed = await dispatch(['registry', 'restore', 'none.db'], { home })
  expect(unconfirmed.status).toBe(2)
  expect(JSON.parse(unconfirmed.err).error).toMatchObject({ code: 'usage' })
  const none = await dispatch(['registry', 'restore', 'none.db', '--yes', '--text'], { home })
  expect(none.status).toBe(2)
  expect(none.err).toMatch(/^dispatch: there is no file \/.*none\.db/)
})
