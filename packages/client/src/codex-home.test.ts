import { expect, it } from 'vitest'
import { callerCodexHome } from './codex-home.ts'

const homeOf = (env: Record<string, string>, caller: 'cli' | 'mcp' | 'client' = 'cli') =>
  callerCodexHome({ env, cwd: '/work', homedir: '/home/me' }, caller)

it('is what the variable says, absolute', () => {
  expect(homeOf({ CODEX_HOME: '/other' })).toBe('/other')
  expect(homeOf({ CODEX_HOME: 'other' })).toBe('/work/other')
  expect(homeOf({ CODEX_HOME: '/other', CODEX_THREAD_ID: 't' }, 'mcp')).toBe('/other')
})

it('is the default one without it', () => {
  expect(homeOf({})).toBe('/home/me/.codex')
  expect(homeOf({ CODEX_HOME: '' }, 'client')).toBe('/home/me/.codex')
})

it('is not known inside Codex, which does not hand the variable on', () => {
  expect(homeOf({ CODEX_THREAD_ID: 't' })).toBeNull()
  expect(homeOf({}, 'mcp')).toBeNull()
})

it('is not known where the home directory is no absolute path', () => {
  expect(callerCodexHome({ env: {}, cwd: '/work', homedir: '~' }, 'cli')).toBeNull()
})
