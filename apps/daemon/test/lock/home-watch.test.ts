import { once } from 'node:events'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { resolveHome } from '@dispatch/contract/home'
import { expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/clock/clock.ts'
import { fakeClock } from '../../src/clock/fake-clock.ts'
import { type HomeLoss, watchHome } from '../../src/lock/home-watch.ts'
import { acquireLock } from '../../src/lock/lock.ts'
import { makeTestDirectory } from '../serve/listening.ts'

const makeHome = async (env: { DISPATCH_DB?: string; DISPATCH_SOCKET?: string } = {}) => {
  const stack = new DisposableStack()
  const { path: root } = stack.use(makeTestDirectory())
  const above = join(root, 'above')
  mkdirSync(join(above, 'home/logs'), { recursive: true })
  mkdirSync(join(root, 'else'))
  const paths = resolveHome(
    { DISPATCH_HOME: join(above, 'home'), ...env },
    { homedir: root, cwd: root },
  )
  stack.adopt(acquireLock(paths.lock), (lock) => lock?.[Symbol.dispose]())
  const server: Server = createServer().listen(paths.socket)
  stack.defer(() => server.close())
  await once(server, 'listening')
  const { promise: loss, resolve } = Promise.withResolvers<HomeLoss>()
  const cannot = () => Promise.resolve(false)
  const watched = (clock: Clock = systemClock, renew = cannot): Disposable =>
    stack.use(watchHome({ paths, socket: paths.socket, clock, renew, lost: resolve }))
  return { root, above, paths, loss, watched, [Symbol.dispose]: () => stack.dispose() }
}

it('a home that is removed', async () => {
  using home = await makeHome()
  home.watched()
  rmSync(home.paths.home, { recursive: true })
  expect(await home.loss).toBe('home')
})

it('a home that is moved away, and another in its place', async () => {
  using home = await makeHome()
  home.watched()
  renameSync(home.paths.home, join(home.root, 'away'))
  mkdirSync(home.paths.home)
  writeFileSync(home.paths.lock, '')
  expect(await home.loss).toBe('home')
})

it('a home whose parent is moved away or replaced, of which the system tells nothing', async () => {
  const clock = fakeClock()
  using moved = await makeHome()
  moved.watched(clock)
  renameSync(moved.above, join(moved.root, 'away'))
  using replaced = await makeHome()
  replaced.watched(clock)
  clock.advance(60_000)
  expect(await moved.loss).toBe('home')
  renameSync(replaced.above, join(replaced.root, 'away'))
  mkdirSync(replaced.paths.home, { recursive: true })
  writeFileSync(replaced.paths.lock, '')
  clock.advance(60_000)
  expect(await replaced.loss).toBe('home')
  expect(clock.pending()).toBe(0)
})

it('a socket or a lock elsewhere', async () => {
  using socket = await makeHome({ DISPATCH_SOCKET: 'else/s.sock' })
  socket.watched()
  rmSync(socket.paths.socket)
  expect(await socket.loss).toBe('socket')
  using lock = await makeHome({ DISPATCH_DB: 'else/r.db' })
  lock.watched()
  rmSync(join(lock.root, 'else'), { recursive: true })
  expect(await lock.loss).toBe('home')
})

it('what comes and goes beside them is no loss; a socket that is replaced is one', async () => {
  using home = await makeHome()
  home.watched()
  const notes = join(home.paths.home, 'notes')
  writeFileSync(notes, '')
  rmSync(notes)
  rmSync(home.paths.socket)
  writeFileSync(home.paths.socket, 'of another program')
  expect(await home.loss).toBe('socket')
})

it('a socket that is listened on again is watched as the one before', async () => {
  using home = await makeHome({ DISPATCH_SOCKET: 'else/s.sock' })
  let times = 0
  const renewed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  home.watched(systemClock, async () => {
    times += 1
    if (times > renewed.length) return false
    mkdirSync(join(home.root, 'else'), { recursive: true })
    writeFileSync(home.paths.socket, '')
    renewed[times - 1]?.resolve()
    return true
  })
  rmSync(home.paths.socket)
  await renewed[0]?.promise
  // Its folder too is watched as a new one.
  rmSync(join(home.root, 'else'), { recursive: true })
  await renewed[1]?.promise
  rmSync(home.paths.socket)
  expect(await home.loss).toBe('socket')
  expect(times).toBe(3)
})
