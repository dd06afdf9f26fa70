// What a command loads: the libraries of the terminal UI are for `top` alone.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dispatch } from './spawned.ts'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dispatch-cli-'))
})
afterAll(() => rmSync(home, { recursive: true }))

// Tells every module as it is loaded.
const tell = `
  const { registerHooks } = await import('node:module')
  const { writeSync } = await import('node:fs')
  registerHooks({ load: (url, context, next) => { writeSync(2, 'loads ' + url + '\\n'); return next(url, context) } })`

const loadedBy = async (argv: readonly string[]): Promise<string[]> => {
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(tell)}`
  const { err } = await dispatch(argv, { home, env: { NODE_OPTIONS } })
  return err.split('\n').filter((line) => line.startsWith('loads '))
}

test.each([
  ['help', ['--help']],
  ['a wrong word', ['lisst']],
  ['a call', ['list', '--output', 'text']],
  ['a local op', ['schema', 'list']],
  ['top itself, where there is no terminal', ['top']],
])('%s loads no terminal UI', async (_, argv) => {
  const loaded = await loadedBy(argv)
  expect(loaded.some((line) => line.includes('/cli/src/run.ts'))).toBe(true)
  expect(loaded.filter((line) => /node_modules\/(ink|react|yoga-layout)\//.test(line))).toEqual([])
})
