import { expect, it } from 'vitest'
import { addLane, host, makeBench } from '../../test/bench.ts'
import { codexHomeOf, keepCodexHome } from './codex-home.ts'

it('is the one of the environment, else ~/.codex', () => {
  expect(codexHomeOf(host({ env: { CODEX_HOME: '/c' } }))).toEqual({ path: '/c', isDefault: false })
  expect(codexHomeOf(host())).toEqual({ path: '/home/somebody/.codex', isDefault: true })
})

it('stays the same while there are lanes', () => {
  using bench = makeBench()
  keepCodexHome(bench.store, '/a')
  keepCodexHome(bench.store, '/b')
  addLane(bench.store, 't')
  keepCodexHome(bench.store, '/b')
  expect(() => keepCodexHome(bench.store, '/a')).toThrow('The lanes of this home live in /b')
})
