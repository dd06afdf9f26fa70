import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import BetterSqlite from 'better-sqlite3'
import { openStore, reportRegistry } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { type LocalHome, makeLocalHome } from '../local-home.ts'

const change = (file: string, act: (db: InstanceType<typeof BetterSqlite>) => void): void => {
  const db = new BetterSqlite(file)
  act(db)
  db.close()
}

const newest = (): number => {
  using home = makeLocalHome()
  openStore({ file: home.paths.database })[Symbol.dispose]()
  return reportRegistry(home.paths.database)?.supportedVersion ?? 0
}

/** Makes the registry, with a mark in it. */
const seed = ({ paths }: LocalHome, mark: string): void => {
  using store = openStore({ file: paths.database })
  store.runtime.set('mark', mark)
}

const markIn = (file: string): unknown => {
  using store = openStore({ file, readonly: true })
  return store.runtime.get('mark')
}

const modeOf = (file: string): number => statSync(file).mode & 0o777

describe('registry migrate', () => {
  it('has nothing to do on a registry of this schema, and says so beside a daemon too', async () => {
    using home = makeLocalHome()
    seed(home, 'a')
    const done = { status: 'ok', migrated: false, backup: null, db: home.paths.database }
    expect(await home.local('registry.migrate')).toMatchObject({ ...done, daemonRunning: false })
    await using _daemon = await home.occupy()
    await expect(home.local('registry.migrate')).rejects.toMatchObject({ code: 'conflict' })
    expect(await home.local('registry.migrate', { allowRunning: true })).toMatchObject({
      ...done,
      daemonRunning: true,
    })
  })

  it('is refused beneath a daemon that works on an older schema', async () => {
    using home = makeLocalHome()
    seed(home, 'a')
    change(home.paths.database, (db) => db.pragma('user_version = 0'))
    await using _daemon = await home.occupy()
    await expect(home.local('registry.migrate', { allowRunning: true })).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('dispatch restart') as string,
    })
  })

  it('refuses no registry, a newer one, a damaged one, and an unknown flag', async () => {
    using home = makeLocalHome()
    await expect(home.local('registry.migrate')).rejects.toMatchObject({ code: 'validation' })
    expect(existsSync(home.paths.database)).toBe(false)
    seed(home, 'a')
    change(home.paths.database, (db) => db.pragma('user_version = 99'))
    await expect(home.local('registry.migrate')).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('Upgrade') as string,
    })
    writeFileSync(home.paths.database, 'broken '.repeat(2_000))
    await expect(home.local('registry.migrate')).rejects.toMatchObject({
      code: 'internal',
      hint: expect.stringContaining('dispatch registry restore') as string,
    })
    await expect(home.local('registry.migrate', { force: true })).rejects.toMatchObject({
      code: 'validation',
    })
  })
})

describe('registry backup', () => {
  it('makes a private, sound copy, also while a daemon writes', async () => {
    using home = makeLocalHome()
    seed(home, 'a')
    await using _daemon = await home.occupy()
    using store = openStore({ file: home.paths.database })
    store.runtime.set('mark', 'b')
    const answer = (await home.local('registry.backup')) as { backup: string; bytes: number }
    expect(answer).toMatchObject({ db: home.paths.database, verified: true })
    expect(answer.backup).toMatch(/registry\.db\.\d{8}-\d{6}\.backup$/)
    expect(modeOf(answer.backup)).toBe(0o600)
    expect(statSync(answer.backup).size).toBe(answer.bytes)
    expect(markIn(answer.backup)).toBe('b')
    const again = (await home.local('registry.backup')) as { backup: string }
    expect(again.backup).not.toBe(answer.backup)
  })

  it('goes where it is told, over nothing', async () => {
    using home = makeLocalHome()
    seed(home, 'a')
    const to = join(home.root, 'copy.db')
    await home.local('registry.backup', { to })
    await expect(home.local('registry.backup', { to })).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining('exists already') as string,
    })
    const nowhere = join(home.root, 'no', 'copy.db')
    await expect(home.local('registry.backup', { to: nowhere })).rejects.toMatchObject({
      code: 'validation',
    })
    expect(markIn(to)).toBe('a')
  })

  it('takes a copy of a newer schema too', async () => {
    using home = makeLocalHome()
    seed(home, 'a')
    change(home.paths.database, (db) => db.pragma('user_version = 99'))
    expect(await home.local('registry.backup')).toMatchObject({ schemaVersion: 99 })
  })
})

describe('registry restore', () => {
  it('puts a copy back, and keeps what it replaced', async () => {
    using home = makeLocalHome()
    seed(home, 'before')
    const copy = join(home.root, 'copy.db')
    await home.local('registry.backup', { to: copy })
    seed(home, 'after')
    const answer = (await home.local('registry.restore', { file: copy })) as { replaced: string }
    expect(answer).toMatchObject({ restored: copy, schemaVersion: newest() })
    expect(markIn(home.paths.database)).toBe('before')
    expect(modeOf(home.paths.database)).toBe(0o600)
    expect(markIn(answer.replaced)).toBe('after')
    expect(readdirSync(home.paths.home).filter((name) => name.endsWith('.restoring'))).toEqual([])
  })

  it('takes the place of a damaged registry, and of none', async () => {
    using home = makeLocalHome()
    seed(home, 'kept')
    const copy = join(home.root, 'copy.db')
    await home.local('registry.backup', { to: copy })
    writeFileSync(home.paths.database, 'broken')
    const answer = (await home.local('registry.restore', { file: copy })) as { replaced: string }
    expect(readFileSync(answer.replaced, 'utf8')).toBe('broken')
    using fresh = makeLocalHome()
    expect(await fresh.local('registry.restore', { file: copy })).toMatchObject({ replaced: null })
    expect(markIn(fresh.paths.database)).toBe('kept')
  })

  it('is refused beside a daemon, with a file that is not sound, and with the registry itself', async () => {
    using home = makeLocalHome()
    seed(home, 'a')
    const copy = join(home.root, 'copy.db')
    await home.local('registry.backup', { to: copy })
    const restore = (file: string) => home.local('registry.restore', { file })
    {
      await using _daemon = await home.occupy()
      await expect(restore(copy)).rejects.toMatchObject({ code: 'conflict' })
    }
    await expect(restore(home.paths.database)).rejects.toMatchObject({ code: 'validation' })
    await expect(restore(join(home.root, 'none'))).rejects.toMatchObject({ code: 'validation' })
    change(copy, (db) => db.exec('drop table audit'))
    await expect(restore(copy)).rejects.toMatchObject({ code: 'internal' })
    change(copy, (db) => db.pragma('user_version = 99'))
    await expect(restore(copy)).rejects.toMatchObject({ code: 'conflict' })
    change(copy, (db) => db.pragma('application_id = 1'))
    await expect(restore(copy)).rejects.toMatchObject({ code: 'conflict' })
    expect(markIn(home.paths.database)).toBe('a')
  })

  it.runIf(process.platform === 'linux')(
    'is refused while an app-server of the home lives without a daemon',
    async () => {
      using home = makeLocalHome()
      seed(home, 'a')
      const copy = join(home.root, 'copy.db')
      await home.local('registry.backup', { to: copy })
      const server = spawn('sh', ['-c', 'echo up; read _', `unix://${home.paths.home}/codex.sock`])
      const exited = once(server, 'exit')
      await once(server.stdout, 'data')
      await expect(home.local('registry.restore', { file: copy })).rejects.toMatchObject({
        code: 'conflict',
        details: { pids: [server.pid] },
      })
      server.kill('SIGKILL')
      await exited
      expect(await home.local('registry.restore', { file: copy })).toMatchObject({ restored: copy })
    },
  )
})

it('a file that is no copy is told from a registry that is broken', async () => {
  using home = makeLocalHome()
  seed(home, 'a')
  const notes = join(home.root, 'notes.txt')
  writeFileSync(notes, 'these are notes. '.repeat(500))
  const foreign = join(home.root, 'other.db')
  change(foreign, (db) => db.exec('create table t (a)'))
  const hint = expect.stringMatching(
    /^It was not touched\. Name a copy .* dispatch registry backup /,
  ) as string
  for (const file of [notes, foreign, join(home.root, 'none'), home.root]) {
    await expect(home.local('registry.restore', { file }), file).rejects.toMatchObject({ hint })
    expect(await home.local('registry.verify', { file }), file).toMatchObject({
      status: 'fail',
      error: { hint },
    })
  }
  expect(markIn(home.paths.database)).toBe('a')
})

describe('registry verify', () => {
  it('finds a registry sound, beside a daemon too', async () => {
    using home = makeLocalHome()
    seed(home, 'a')
    await using _daemon = await home.occupy()
    expect(await home.local('registry.verify')).toMatchObject({
      status: 'ok',
      file: home.paths.database,
      schemaVersion: newest(),
      faults: [],
      rows: { runtime: 1, lanes: 0 },
      error: null,
    })
  })

  it('answers with what is wrong', async () => {
    using home = makeLocalHome()
    const verify = () => home.local('registry.verify')
    expect(await verify()).toMatchObject({ status: 'fail', error: { code: 'validation' } })
    seed(home, 'a')
    change(home.paths.database, (db) => db.exec('drop table audit; pragma user_version = 99'))
    expect(await verify()).toMatchObject({
      status: 'fail',
      schemaVersion: 99,
      faults: ['the table audit is missing', expect.stringContaining('newer') as string],
      error: { code: 'conflict' },
    })
    const other = join(home.root, 'other.db')
    change(other, (db) => db.exec('create table t (a)'))
    const before = readFileSync(other)
    expect(await home.local('registry.verify', { file: other })).toMatchObject({
      status: 'fail',
      schemaVersion: null,
      error: { code: 'conflict' },
    })
    expect(readFileSync(other)).toEqual(before)
    writeFileSync(home.paths.database, 'broken '.repeat(2_000))
    expect(await verify()).toMatchObject({ status: 'fail', error: { code: 'internal' } })
  })
})

describe('registry prune', () => {
  it('deletes what is beyond retention and gives the space back; not beside a daemon', async () => {
    using home = makeLocalHome()
    {
      using store = openStore({ file: home.paths.database })
      store.transaction(() => {
        for (let at = 1; at <= 3_000; at += 1) {
          const detail = { text: 'x'.repeat(300) }
          const row = { op: 'send', threadId: null, ref: null, actor: 'cli', outcome: 'ok' }
          store.audit.append({ ...row, at, detail })
        }
        const row = { op: 'send', threadId: null, ref: null, actor: 'cli', outcome: 'ok' }
        store.audit.append({ ...row, at: Date.now(), detail: {} })
      })
    }
    const bytes = statSync(home.paths.database).size
    {
      await using _daemon = await home.occupy()
      await expect(home.local('registry.prune')).rejects.toMatchObject({ code: 'conflict' })
    }
    const answer = (await home.local('registry.prune')) as { freedBytes: number }
    expect(answer).toMatchObject({ audit: 3_000, events: 0, deliveries: 0 })
    expect(bytes - statSync(home.paths.database).size).toBe(answer.freedBytes)
    expect(answer.freedBytes).toBeGreaterThan(500_000)
    expect(await home.local('registry.prune')).toMatchObject({ audit: 0, freedBytes: 0 })
  })
})

it('a local op that there is not is refused', async () => {
  using home = makeLocalHome()
  for (const op of ['nope', 'list', 'daemon.logsFollow', '__proto__', '']) {
    await expect(home.local(op)).rejects.toMatchObject({ code: 'usage' })
  }
  await expect(home.local('up')).rejects.toMatchObject({ code: 'validation' })
})

describe('a registry of the first schema', () => {
  /** As the first release made it, with a lane in it. */
  const seedFirst = ({ paths }: LocalHome): void => {
    const schema = readFileSync(join(import.meta.dirname, 'schema-1.sql'), 'utf8')
    change(paths.database, (db) => {
      db.pragma('application_id = 1685287011')
      db.exec(schema)
      db.pragma('user_version = 1')
      db.exec("insert into runtime values ('mark', '\"old\"')")
    })
  }

  it('is migrated after a verified, private copy that can be put back', async () => {
    using home = makeLocalHome()
    seedFirst(home)
    const answer = (await home.local('registry.migrate')) as { backup: string }
    expect(answer).toMatchObject({
      migrated: true,
      fromSchemaVersion: 1,
      toSchemaVersion: newest(),
    })
    expect(modeOf(answer.backup)).toBe(0o600)
    expect(markIn(home.paths.database)).toBe('old')
    expect(await home.local('registry.verify', { file: answer.backup })).toMatchObject({
      status: 'ok',
      schemaVersion: 1,
    })
    expect(await home.local('registry.restore', { file: answer.backup })).toMatchObject({
      schemaVersion: 1,
      notes: [expect.any(String), expect.stringContaining('dispatch up migrates')],
    })
    expect(await home.local('registry.migrate', { backup: false })).toMatchObject({
      migrated: true,
      backup: null,
    })
  })

  it('is not pruned before it is migrated', async () => {
    using home = makeLocalHome()
    seedFirst(home)
    await expect(home.local('registry.prune')).rejects.toMatchObject({
      code: 'conflict',
      hint: 'dispatch registry migrate',
    })
  })
})

const NOBODY = 65_534

describe('a home that cannot be written', () => {
  it('is refused in words, and can still be verified where SQLite can read it', async () => {
    // A folder that another user can reach, which the tests' own is not.
    using home = makeLocalHome({}, '/tmp')
    seed(home, 'a')
    const copy = join(home.root, 'copy.db')
    await home.local('registry.backup', { to: copy })
    const isRoot = process.getuid?.() === 0
    if (isRoot) {
      for (const path of [home.root, home.paths.home, home.paths.database, copy]) {
        chownSync(path, NOBODY, NOBODY)
      }
    }
    chmodSync(home.paths.home, 0o500)
    const run = async (op: string, input: object) => {
      const bin = join(import.meta.dirname, '../../bin/dispatchd.mjs')
      const child = spawn(process.execPath, [bin, 'local', op], {
        env: { PATH: process.env.PATH, HOME: home.root, DISPATCH_HOME: home.paths.home },
        cwd: home.root,
        ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
      })
      child.stdin.end(JSON.stringify(input))
      const [out] = await Promise.all([text(child.stdout), once(child, 'exit')])
      return JSON.parse(out) as unknown
    }
    const refused = {
      error: { code: 'validation', hint: expect.stringContaining('writable') as string },
    }
    expect(await run('registry.migrate', {})).toMatchObject(refused)
    expect(await run('registry.backup', {})).toMatchObject(refused)
    expect(await run('registry.restore', { file: copy })).toMatchObject(refused)
    expect(await run('registry.verify', { file: copy })).toMatchObject({ status: 'ok' })
    chmodSync(home.paths.home, 0o700)
    expect(markIn(home.paths.database)).toBe('a')
  })
})
