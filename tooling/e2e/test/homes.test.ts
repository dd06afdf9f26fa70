// Homes that are not as they should be: refused in words, and what belongs to others is left alone.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { DownResult, UpResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { processesOf } from '../src/processes.ts'
import { follow } from '../src/spawn.ts'
import { makeWorld, type World } from '../src/world.ts'

const makeHome = async (world: World): Promise<void> => {
  await mkdir(world.home, { mode: 0o700 })
}

const digestOf = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')

const expectRefused = async (world: World, exit: number, code: string) => {
  const bodies = []
  for (const args of [['up'], ['list'], ['new', '--name', 'a', '--no-send']]) {
    const answer = await world.dispatch(args)
    expect({ args, exit: answer.code, stdout: answer.stdout }).toEqual({ args, exit, stdout: '' })
    const error = answer.error()
    expect(error).toMatchObject({ code, hint: expect.any(String) as string })
    bodies.push(error)
  }
  return bodies[0]
}

test('a home that others can read', async () => {
  await using world = await makeWorld({ codex: null })
  await mkdir(world.home, { mode: 0o755 })
  await chmod(world.home, 0o755)
  const error = await expectRefused(world, 2, 'validation')
  expect(error?.hint).toBe(`chmod 700 ${world.home}`)
  expect(await readdir(world.home)).toEqual([])
  await chmod(world.home, 0o700)
  expect(await world.dispatch(['up'])).toMatchObject({ code: 0 })
})

test('a home that is a link', async () => {
  await using world = await makeWorld({ codex: null })
  const target = join(world.root, 'elsewhere')
  await mkdir(target, { mode: 0o700 })
  await symlink(target, world.home)
  await expectRefused(world, 2, 'validation')
  expect(await readdir(target)).toEqual([])
  await rm(world.home)
})

test.each([
  ['below a file', (root: string) => join(root, 'file', 'home'), /no directory \(ENOTDIR\)/],
  ['with a name too long', (root: string) => join(root, 'x'.repeat(300)), /too long/],
  ['below links that go round', (root: string) => join(root, 'loop', 'home'), /links \(ELOOP\)/],
  // Node's own making of folders never comes back from there.
  ['below /proc', () => '/proc/nothing/home', /cannot be made there/],
])('a home %s', async (_name, place, reason) => {
  await using world = await makeWorld({ codex: null })
  await writeFile(join(world.root, 'file'), '')
  await symlink(join(world.root, 'loop'), join(world.root, 'loop'))
  const home = place(world.root)
  for (const args of [['up'], ['list'], ['new', '--name', 'a', '--no-send']]) {
    const answer = await world.dispatch(args, { env: { DISPATCH_HOME: home } })
    expect(answer).toMatchObject({ code: 2, stdout: '' })
    const { code, message, hint } = answer.error()
    expect(code).toBe('validation')
    expect(message).toContain(home)
    expect(message).toMatch(reason)
    expect(hint).toContain('DISPATCH_HOME')
  }
  // What the daemon's program carries out by itself says what is wrong, too.
  const doctor = await world.dispatch(['doctor'], { env: { DISPATCH_HOME: home } })
  expect(`${doctor.stdout}${doctor.stderr}`).not.toContain('gave no answer')
  const logs = await world.dispatch(['daemon', 'logs'], { env: { DISPATCH_HOME: home } })
  expect([0, 2]).toContain(logs.code)
})

test('a home that is named relatively is one of the directory that it is named in', async () => {
  await using world = await makeWorld({ codex: null, home: join('work', 'own') })
  const relative = { env: { DISPATCH_HOME: 'own' } }
  expect(await world.dispatch(['up'], relative)).toMatchObject({ code: 0, stderr: '' })
  expect(await world.status()).toMatchObject({ home: world.home })
  expect(await world.dispatch(['list', '--home', './own'])).toMatchObject({ code: 0 })
})

test('a directory that was removed: what needs none works, the rest says so', async () => {
  await using world = await makeWorld()
  const ran = await world.bash(
    [
      'mkdir gone && cd gone && rmdir "$PWD"',
      'dispatch up && dispatch list && dispatch daemon logs && dispatch config show || exit 1',
      'dispatch new --name a --no-send; echo "$?" >&2',
      'DISPATCH_HOME=here dispatch list; echo "$?" >&2',
    ].join('\n'),
  )
  expect(ran.stdout.trim().split('\n')).toHaveLength(4)
  // Shells have something of their own to say about it.
  const said = ran.stderr.split('\n').filter((line) => /^[{\d]/.test(line))
  const [lane, first, home, second] = said
  expect([first, second]).toEqual(['2', '2'])
  expect(lane).toContain('It was removed while you were in it')
  expect(home).toContain('relative to a directory that was removed')
})

test('a registry of another program: 9, and not a byte of it changes', async () => {
  await using world = await makeWorld({ codex: null })
  await makeHome(world)
  const file = join(world.home, 'registry.db')
  const database = new DatabaseSync(file)
  database.exec(
    'PRAGMA application_id = 7; CREATE TABLE lanes (id TEXT); INSERT INTO lanes VALUES (1)',
  )
  database.close()
  const before = await digestOf(file)
  const error = await expectRefused(world, 9, 'conflict')
  expect(error?.message).toContain(file)
  expect(error?.hint).toMatch(/DISPATCH_HOME/)
  expect((await world.dispatch(['down'])).code).toBe(9)
  expect(await digestOf(file)).toBe(before)
  expect((await readdir(world.home)).filter((name) => /-(?:wal|shm|journal)$/.test(name))).toEqual(
    [],
  )
  await rm(file)
  expect(await world.dispatch(['up'])).toMatchObject({ code: 0 })
})

test('a registry that is no database', async () => {
  await using world = await makeWorld({ codex: null })
  await makeHome(world)
  const file = join(world.home, 'registry.db')
  await writeFile(file, 'these are my notes, not a registry; '.repeat(200), { mode: 0o600 })
  const before = await digestOf(file)
  const answer = await world.dispatch(['up'])
  expect({ code: [1, 9].includes(answer.code ?? 0), stdout: answer.stdout }).toEqual({
    code: true,
    stdout: '',
  })
  expect(answer.error().message).toContain(file)
  expect(await digestOf(file)).toBe(before)
  await rm(file)
})

test('a file where the socket should be', async () => {
  await using world = await makeWorld({ codex: null })
  await makeHome(world)
  const path = join(world.home, 'dispatchd.sock')
  await writeFile(path, 'mine', { mode: 0o600 })
  const error = await expectRefused(world, 9, 'conflict')
  expect(error?.message).toContain(path)
  expect(await readFile(path, 'utf8')).toBe('mine')
  await rm(path)
})

test('another program on the socket', async () => {
  await using world = await makeWorld({ codex: null })
  await makeHome(world)
  const path = join(world.home, 'dispatchd.sock')
  const server = createServer((socket) => socket.resume().end('220 mail.example ESMTP\r\n'))
  server.listen(path)
  await once(server, 'listening')
  const before = await lstat(path)
  const error = await expectRefused(world, 9, 'conflict')
  expect(error?.message).toContain(path)
  expect((await lstat(path)).ino).toBe(before.ino)
  server.close()
  await once(server, 'close')
  expect(await world.dispatch(['up'])).toMatchObject({ code: 0 })
})

test('no Codex: up says so, reads work, work is refused with the way to one', async () => {
  await using world = await makeWorld({ codex: null })
  const env = { DISPATCH_CODEX: '/absent/codex' }
  const up = await world.dispatch(['up'], { env })
  expect(up).toMatchObject({ code: 0, stderr: '' })
  const { status, codex, warnings } = up.json() as UpResult
  expect({ status, codex }).toEqual({ status: 'started', codex: 'unavailable' })
  expect(warnings.join('\n')).toContain('/absent/codex')
  for (const args of [['list'], ['daemon', 'log'], ['daemon', 'logs']]) {
    expect(await world.dispatch(args)).toMatchObject({ code: 0, stderr: '' })
  }
  expect(await world.status()).toMatchObject({
    status: 'degraded',
    codex: { state: 'unavailable' },
  })
  const refused = await world.dispatch(['new', '--name', 'a', '--text', 'hi'])
  expect(refused).toMatchObject({ code: 8, stdout: '' })
  expect(refused.error()).toMatchObject({
    code: 'app_server',
    retryable: true,
    hint: expect.stringContaining('@openai/codex') as string,
  })
})

test('a CODEX_HOME that is not there is told by its name, with what helps', async () => {
  await using world = await makeWorld()
  const absent = join(world.root, 'absent')
  const env = { CODEX_HOME: absent }
  const { warnings } = (await world.dispatch(['up'], { env })).json() as UpResult
  expect(warnings).toEqual([
    `Codex is unavailable: CODEX_HOME names ${absent}, and there is no such directory`,
  ])
  const refused = await world.dispatch(['new', '--name', 'a', '--no-send'])
  expect(refused.error().hint).toContain(`mkdir -p ${absent}`)
})

test('instructions that are not there are told by file and key', async () => {
  await using world = await makeWorld({ codex: null })
  await makeHome(world)
  await writeFile(join(world.home, 'config.toml'), '[defaults]\ndeveloper_file = "absent.md"\n')
  const refused = await world.dispatch(['new', '--name', 'a', '--no-send'])
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  const file = join(world.home, 'absent.md')
  expect(refused.error().message).toBe(
    `Cannot read developer_instructions from ${file}: there is no such file.`,
  )
})

test('no daemon: status says so and starts none; neither does DISPATCH_NO_AUTOSTART', async () => {
  await using world = await makeWorld({ codex: null })
  const calls = [
    world.dispatch(['daemon', 'status']),
    world.dispatch(['list'], { env: { DISPATCH_NO_AUTOSTART: '1' } }),
    world.dispatch(['watch', '--follow'], { env: { DISPATCH_NO_AUTOSTART: '1' } }),
  ]
  for (const answer of await Promise.all(calls)) {
    expect(answer).toMatchObject({ code: 8, stdout: '' })
    expect(answer.error()).toMatchObject({ code: 'daemon_unreachable', hint: 'dispatch up' })
  }
  expect((await world.dispatch(['down'])).json() as DownResult).toMatchObject({
    status: 'not_running',
  })
  expect(processesOf(world.root)).toEqual([])
  expect(await readdir(world.root)).not.toContain('home')
})

test('a home whose path is too long for a socket works, and leaves nothing', async () => {
  await using world = await makeWorld({ home: join('deep'.repeat(20), 'deeper'.repeat(20)) })
  expect(world.home.length).toBeGreaterThan(200)
  const made = await world.dispatch(['new', '--name', 'a', '--text', 'reply: far down', '--wait'])
  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(made.json()).toMatchObject({ lastMessage: 'far down' })
  const { socket, codex } = await world.status()
  expect((await lstat(socket)).mode & 0o777).toBe(0o600)
  expect(socket.length).toBeLessThan(104)
  const { pid } = await world.status()
  process.kill(pid, 'SIGKILL')
  const sent = await world.dispatch(['send', '@a', 'reply: again', '--wait'])
  expect(sent.json()).toMatchObject({ lastMessage: 'again' })
  expect((await world.status()).codex.pid).toBe(codex.pid)
  await world.dispatch(['down'])
  expect(processesOf(world.root)).toEqual([])
  await expect(lstat(socket)).rejects.toThrow('ENOENT')
})

test('what the daemon makes is for its user alone', async () => {
  await using world = await makeWorld({ codex: null })
  await world.dispatch(['up'])
  const modeOf = async (name: string) => (await lstat(join(world.home, name))).mode & 0o777
  expect((await lstat(world.home)).mode & 0o777).toBe(0o700)
  for (const name of ['dispatchd.sock', 'dispatchd.pid', 'registry.db', 'logs/dispatchd.log']) {
    expect([name, (await modeOf(name)).toString(8)]).toEqual([name, '600'])
  }
})

test('a home that is removed below a running turn takes its daemon and its App Server with it', async () => {
  await using world = await makeWorld()
  await using daemon = follow(world.script('DISPATCH_READY_FD=1 exec dispatchd run'))
  await daemon.line((line) => line.includes('"ready":true'))
  await world.dispatch(['new', '--name', 'a', '--text', 'gate: a'])
  await world.model.waitForGate('a')
  await rm(world.home, { recursive: true })
  expect(await daemon.ended).toBe(0)
  expect(processesOf(world.root)).toEqual([])
  expect(await readdir(world.root)).not.toContain('home')
  expect(await world.dispatch(['list'])).toMatchObject({ code: 0, stderr: '' })
})

test.each(['own', 'stdio'])(
  'a socket that is removed, with %s: the daemon listens again, and the turn goes on',
  async (connection) => {
    await using world = await makeWorld()
    await makeHome(world)
    const config = join(world.home, 'config.toml')
    await writeFile(config, `[codex]\nconnection = "${connection}"\n`, { mode: 0o600 })
    const made = await world.dispatch(['new', '--name', 'a', '--text', 'gate: a\nreply: went on'])
    expect(made).toMatchObject({ code: 0, stderr: '' })
    await world.model.waitForGate('a')
    const before = await world.status()
    await rm(join(world.home, 'dispatchd.sock'))
    const waited = world.dispatch(['wait', '@a'])
    world.model.open('a')
    expect((await waited).json()).toMatchObject({ lanes: [{ lastMessage: 'went on' }] })
    const { pid, codex } = await world.status()
    expect([pid, codex.pid]).toEqual([before.pid, before.codex.pid])
  },
)

test('a socket whose place another program has taken: the daemon leaves the turn to the next', async () => {
  await using world = await makeWorld()
  await using daemon = follow(world.script('DISPATCH_READY_FD=1 exec dispatchd run'))
  await daemon.line((line) => line.includes('"ready":true'))
  await world.dispatch(['new', '--name', 'a', '--text', 'gate: a\nreply: went on'])
  await world.model.waitForGate('a')
  const socket = join(world.home, 'dispatchd.sock')
  await rm(socket)
  await writeFile(socket, 'of another program')
  expect(await daemon.ended).toBe(0)
  await rm(socket)
  const waited = world.dispatch(['wait', '@a'])
  world.model.open('a')
  expect((await waited).json()).toMatchObject({ lanes: [{ lastMessage: 'went on' }] })
})
