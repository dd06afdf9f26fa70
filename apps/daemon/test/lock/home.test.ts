import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolveHome } from '@dispatch/contract/home'
import { expect, test } from 'vitest'
import { prepareHome } from '../../src/lock/home.ts'
import { readPidfile, writePidfile } from '../../src/lock/pidfile.ts'
import { placeSocket } from '../../src/lock/socket-place.ts'
import { makeTestDirectory } from '../serve/listening.ts'

const uid = process.getuid?.() ?? 0
const pathsOf = (home: string) =>
  resolveHome({ DISPATCH_HOME: home }, { homedir: '/nowhere', cwd: '/' })

test('a home is made private', () => {
  using directory = makeTestDirectory()
  const paths = pathsOf(join(directory.path, 'a/b'))
  prepareHome(paths, uid)
  for (const path of [paths.home, paths.logs]) expect(statSync(path).mode & 0o777).toBe(0o700)
})

test('a home that is open, a link, a file or another’s is refused', () => {
  using directory = makeTestDirectory()
  const open = join(directory.path, 'open')
  mkdirSync(open)
  chmodSync(open, 0o755)
  const hint = `chmod 700 ${open}`
  expect(() => prepareHome(pathsOf(open), uid)).toThrow(expect.objectContaining({ hint }))
  const [link, file] = [join(directory.path, 'link'), join(directory.path, 'file')]
  symlinkSync(directory.path, link)
  writeFileSync(file, '')
  expect(() => prepareHome(pathsOf(link), uid)).toThrow('is a link')
  expect(() => prepareHome(pathsOf(file), uid)).toThrow()
  expect(() => prepareHome(pathsOf(directory.path), uid + 1)).toThrow('another user')
})

test('the pid file is removed by its writer only', () => {
  using directory = makeTestDirectory()
  const path = join(directory.path, 'pid')
  const first = writePidfile(path, 11)
  expect(readPidfile(path)).toBe(11)
  const second = writePidfile(path, 12)
  first[Symbol.dispose]()
  expect(readPidfile(path)).toBe(12)
  second[Symbol.dispose]()
  expect(readPidfile(path)).toBeNull()
})

test('a socket path that is too long becomes a short private one, recorded in the home', () => {
  using directory = makeTestDirectory()
  const machine = { uid, tmpdir: directory.path }
  const short = pathsOf(directory.path)
  expect(placeSocket(short, machine)).toBe(short.socket)
  const long = pathsOf(join(directory.path, 'x'.repeat(100)))
  prepareHome(long, uid)
  const path = placeSocket(long, machine)
  expect(path.length).toBeLessThan(104)
  expect(readFileSync(long.socketPointer, 'utf8').trim()).toBe(path)
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
  chmodSync(join(path, '..'), 0o755)
  expect(() => placeSocket(long, machine)).toThrow()
})
