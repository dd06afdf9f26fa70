// What callers say is bound to statements and never part of one: every text that SQLite is given while
// hostile words go through every op is looked at.
import BetterSqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { makePlace } from './composed.ts'

const MARK = 'robert'
const hostile = `${MARK}'); drop table lanes; -- " \` ]] %_\\`

/** Every text that was given to SQLite from here on. */
const watchSql = (): Disposable & { readonly texts: readonly string[] } => {
  const texts: string[] = []
  const prototype = BetterSqlite.prototype as unknown as Record<string, (text: string) => unknown>
  const names = ['prepare', 'exec', 'pragma']
  const originals = names.map((name) => [name, prototype[name]] as const)
  for (const [name, original] of originals) {
    prototype[name] = function watched(this: unknown, text: string, ...rest: unknown[]) {
      texts.push(text)
      return Reflect.apply(original as (...all: unknown[]) => unknown, this, [text, ...rest])
    }
  }
  return {
    texts,
    [Symbol.dispose]() {
      for (const [name, original] of originals) if (original) prototype[name] = original
    },
  }
}

it('hostile words are in no statement, and do what they say', async () => {
  using sql = watchSql()
  await using place = await makePlace({ scenario: { turns: [{ reply: hostile }] } })
  await using running = place.start()
  const ops = () => running.ops()
  const made = await ops().new({ name: hostile, text: hostile, wait: true })
  expect(made).toMatchObject({ lastMessage: hostile, error: null })
  await ops().queue.pause({ lane: made.ref })
  const { delivery } = await ops().send({ lane: made.ref, text: hostile, mode: 'queue' })
  await ops().queue.edit({ message: delivery.id, text: `${hostile}${hostile}` })
  const asked = [
    ops().list({ cursor: hostile }),
    ops().list({ cwd: `/${hostile}` }),
    ops().get({ lane: hostile }),
    ops().tail({ lane: made.ref, types: [hostile] }),
    ops().send({ lane: `@${hostile}`, text: hostile }),
    ops().send({ lane: made.ref, text: hostile, mode: 'queue', idempotencyKey: hostile }),
    ops().rename({ lane: made.ref, name: `${hostile}2` }),
    ops().daemon.log({ op: hostile, lane: made.ref }),
    ops().request.get({ id: hostile }),
    ops().delivery.get({ delivery: hostile }),
    ops().delivery.list({ cursor: hostile }),
    ops().queue.move({ message: hostile, first: true }),
    ops().goal.set({ lane: made.ref, objective: hostile }),
  ]
  const settled = await Promise.allSettled(asked)
  expect(settled.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(3)
  const leaving = new AbortController()
  const call = { signal: leaving.signal, after: null } as never
  for await (const { data } of running.daemon.services.watchFollow(
    { after: '0', lanes: [made.id], types: ['lane.created'] },
    call,
  )) {
    if (data?.type === 'lane.created') leaving.abort()
  }
  const { lanes } = await ops().list({})
  expect(lanes).toMatchObject([{ id: made.id }])
  expect(sql.texts.length).toBeGreaterThan(50)
  expect(sql.texts.filter((text) => text.toLowerCase().includes(MARK))).toEqual([])
  console.log(`${sql.texts.length} texts of SQL, none with what callers said`)
})
