// Another user of the machine: cannot look into a home nor talk to its daemon, and what that user has
// put in a place of ours is not trusted. Only who may become another user can see it.
import { chmod, chown, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

const OTHER = 65_534
const isRoot = process.getuid?.() === 0

/** Does it as the other user. */
const asOther = async <T>(act: () => Promise<T>): Promise<T> => {
  process.seteuid?.(OTHER)
  try {
    return await act()
  } finally {
    process.seteuid?.(0)
  }
}

const connectTo = (path: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy()
      resolve('connected')
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
  })

const codeOf = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act()
    return 'done'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

const expectRefused = async (world: World, env: Record<string, string> = {}): Promise<void> => {
  for (const args of [['up'], ['list'], ['new', '--name', 'a', '--no-send']]) {
    const refused = await world.dispatch(args, { env })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.error()).toMatchObject({
      code: 'validation',
      message: expect.stringContaining('another user') as string,
    })
  }
}

test.runIf(isRoot)('cannot look into the home, nor connect, nor plant anything', async () => {
  await using world = await makeWorld({ codex: null })
  await chmod(world.root, 0o755)
  await world.dispatch(['up'])
  const { home } = world
  const socket = join(home, 'dispatchd.sock')
  const tried = {
    connect: await asOther(() => connectTo(socket)),
    look: await asOther(() => codeOf(() => readdir(home))),
    read: await asOther(() => codeOf(() => readFile(join(home, 'registry.db')))),
    remove: await asOther(() => codeOf(() => rm(socket))),
    plant: await asOther(() => codeOf(() => mkdir(join(home, 'planted')))),
  }
  const refused = { connect: 'EACCES', look: 'EACCES', read: 'EACCES' }
  expect(tried).toEqual({ ...refused, remove: 'EACCES', plant: 'EACCES' })
  // Neither with a home that somebody opened to all while the daemon ran.
  await chmod(home, 0o711)
  expect(await asOther(() => connectTo(socket))).toBe('EACCES')
  for (const name of ['registry.db', 'registry.db-wal', 'registry.db.lock', 'dispatchd.pid']) {
    expect(await asOther(() => codeOf(() => readFile(join(home, name))))).toBe('EACCES')
  }
  await chmod(home, 0o700)
  expect(await connectTo(socket)).toBe('connected')
})

test.runIf(isRoot)('has put a home in our place: refused, and left as it is', async () => {
  await using world = await makeWorld({ codex: null })
  await mkdir(world.home, { mode: 0o700 })
  await chown(world.home, OTHER, OTHER)
  await expectRefused(world)
  expect(await readdir(world.home)).toEqual([])
  await chown(world.home, 0, 0)
})

test.runIf(isRoot)('has put a socket into the place of ours: not spoken to', async () => {
  await using world = await makeWorld({ codex: null })
  await mkdir(world.home, { mode: 0o700 })
  const path = join(world.home, 'dispatchd.sock')
  let heard = 0
  const server = createServer(() => (heard += 1)).listen(path)
  await chown(path, OTHER, OTHER)
  await expectRefused(world)
  expect(heard).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})

test.runIf(isRoot)('has made the place of short sockets first: refused', async () => {
  await using world = await makeWorld({
    codex: null,
    home: join('a'.repeat(60), 'b'.repeat(60)),
  })
  const runtime = join(world.root, 'run')
  await mkdir(join(runtime, 'dispatch'), { recursive: true, mode: 0o700 })
  await chown(join(runtime, 'dispatch'), OTHER, OTHER)
  const refused = await world.dispatch(['up'], { env: { XDG_RUNTIME_DIR: runtime } })
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.error().message).toContain('another user')
  expect(await readdir(join(runtime, 'dispatch'))).toEqual([])
})
