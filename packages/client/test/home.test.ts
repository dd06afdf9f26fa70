import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { homeDirectory } from '@dispatch/contract/home'
import { expect, test } from 'vitest'
import { createDispatchClient, locateHome, locateSocket, readEnvironment } from '../src/index.ts'
import { answer, makeTestHome, startFakeDaemon } from './fake-daemon.ts'

const at = (home: string) => locateHome({ ...readEnvironment(), env: {} }, home)
const { uid } = readEnvironment()

test('what could be another’s is refused before anything connects', () => {
  using home = makeTestHome()
  const paths = at(home.home)
  expect(locateSocket(paths, uid)).toBe(home.socket)
  expect(() => locateSocket(paths, (uid ?? 0) + 1)).toThrow('another user')
  writeFileSync(home.socket, '')
  expect(() => locateSocket(paths, uid)).toThrow('no socket')
  rmSync(home.socket)
  chmodSync(home.home, 0o750)
  const hint = `chmod 700 ${home.home}`
  expect(() => locateSocket(paths, uid)).toThrow(expect.objectContaining({ hint }))
  chmodSync(home.home, 0o700)
  const link = `${home.home}-link`
  symlinkSync(home.home, link)
  expect(() => locateSocket(at(link), uid)).toThrow('is a link')
  rmSync(link)
})

test('an empty HOME is none: the account has one, or it is refused', () => {
  const account = () => ({ homedir: '/home/me' })
  expect(homeDirectory({ HOME: '/h' }, account)).toBe('/h')
  expect(homeDirectory({ HOME: '' }, account)).toBe('/home/me')
  const nobody = (): never => {
    throw new Error('ENOENT: no such user')
  }
  const homedir = homeDirectory({}, nobody)
  const surroundings = { ...readEnvironment(), homedir }
  expect(() => locateHome({ ...surroundings, env: {} })).toThrow('HOME is empty')
  expect(locateHome({ ...surroundings, env: { DISPATCH_HOME: '/d' } }).home).toBe('/d')
})

test('a socket whose path was too long is found through the home', async () => {
  using home = makeTestHome()
  using short = makeTestHome()
  const deep = join(home.home, 'x'.repeat(100))
  mkdirSync(deep, { mode: 0o700 })
  const paths = at(deep)
  writeFileSync(paths.socketPointer, `${short.socket}\n`)
  await using _ = await startFakeDaemon(short.socket, {
    onCall: (call, peer) => peer.send(answer(call, 'found')),
  })
  await using client = createDispatchClient({ home: deep, env: {} })
  expect(await client.api.list({})).toBe('found')
  chmodSync(short.home, 0o755)
  expect(() => locateSocket(paths, uid)).toThrow('open to other users')
})
