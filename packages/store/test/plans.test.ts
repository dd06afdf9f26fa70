// How SQLite carries out what is asked with every message: none of it reads a whole table.
import BetterSqlite from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { deliveryRow } from '../src/testing/rows.ts'
import { insertLane, makeTempStore } from './temp-store.ts'

const plansOf = (file: string, texts: readonly string[]): string[] => {
  using db = { of: new BetterSqlite(file), [Symbol.dispose]: () => db.of.close() }
  return texts.flatMap((text) => {
    const slots = text
      .split('?')
      .slice(1)
      .map(() => null)
    const steps = db.of.prepare(`explain query plan ${text}`).all(...slots) as { detail: string }[]
    return steps.map(({ detail }) => detail)
  })
}

test('what a message asks of the registry goes along an index', () => {
  const prepare = vi.spyOn(BetterSqlite.prototype, 'prepare')
  using temp = makeTempStore()
  const { store } = temp
  const lane = insertLane(store, 't1')
  store.deliveries.insert(deliveryRow('d1', 't1', { overrides: { effort: 'high' } }))
  prepare.mockClear()
  expect(store.deliveries.overriddenFields('t1')).toEqual(['effort'])
  store.deliveries.unsettled('t1')
  store.deliveries.unsettled()
  store.deliveries.ofTurn('t1', 'u1')
  store.deliveries.counts()
  store.deliveries.ambiguous(1)
  store.creations.get('c1')
  store.creations.unfinished()
  store.lanes.byCallId(lane.callId)
  store.lanes.byLiveHandle(lane.handle)
  store.lanes.childrenOf('t1')
  store.lanes.beginningWith('@d', 9)
  store.lanes.list({ limit: 1, order: 'attention' })
  store.lanes.list({ limit: 1, cursor: '2.1_t1' })
  const texts = prepare.mock.calls.map(([text]) => text)
  prepare.mockRestore()
  expect(texts.length).toBeGreaterThanOrEqual(10)
  const plans = plansOf(temp.folder.file, texts)
  expect(plans.filter((step) => /^SCAN \S+$/.test(step))).toEqual([])
  expect(plans.join('\n')).toContain('deliveries_overridden')
  expect(plans.join('\n')).toContain('lanes_children')
  // `scan` with an index reads all of that index: only of a partial one that is little.
  const ofState = texts.filter((text) => /'ambiguous'\).* limit /.test(text))
  expect(ofState).toHaveLength(1)
  expect(plansOf(temp.folder.file, ofState).join('\n')).toContain('deliveries_unsettled')
  const ordered = texts.filter((text) => text.includes('"attention" as'))
  expect(plansOf(temp.folder.file, ordered).join('\n')).not.toContain('TEMP B-TREE')
})

test.each([
  ['ambiguous', 'deliveries_state'],
  ['queued', 'deliveries_state'],
  ['failed', 'deliveries_state'],
  ['accepted', 'deliveries_created'],
] as const)('a list of what is %s goes along %s', (state, index) => {
  const prepare = vi.spyOn(BetterSqlite.prototype, 'prepare')
  using temp = makeTempStore()
  insertLane(temp.store, 't1')
  prepare.mockClear()
  const query = { threadId: null, state, limit: 50 } as const
  temp.store.deliveries.list({ ...query, before: null })
  temp.store.deliveries.list({ ...query, before: { createdAt: 5, id: 'd' } })
  const texts = prepare.mock.calls.map(([text]) => text)
  prepare.mockRestore()
  expect(texts).toHaveLength(2)
  for (const text of texts) {
    const plan = plansOf(temp.folder.file, [text]).join('\n')
    expect(plan).toContain(`USING INDEX ${index}`)
    expect(plan).not.toContain('TEMP B-TREE')
  }
})

test('lanes whose turn was cut are found from the few turns that were', () => {
  const prepare = vi.spyOn(BetterSqlite.prototype, 'prepare')
  using temp = makeTempStore()
  prepare.mockClear()
  temp.store.lanes.cut(10)
  temp.store.lanes.countCut()
  const texts = prepare.mock.calls.map(([text]) => text)
  prepare.mockRestore()
  expect(texts).toHaveLength(2)
  for (const text of texts) {
    const [first, second] = plansOf(temp.folder.file, [text])
    expect(first).toMatch(/^SCAN turns USING (COVERING )?INDEX turns_cut$/)
    expect(second).toMatch(/^SEARCH lanes USING INDEX sqlite_autoindex_lanes_1/)
  }
})

test('triggers that fail are found along their own index, not among all that are active', () => {
  const prepare = vi.spyOn(BetterSqlite.prototype, 'prepare')
  using temp = makeTempStore()
  prepare.mockClear()
  temp.store.triggers.failing(10)
  temp.store.triggers.countFailing()
  const texts = prepare.mock.calls.map(([text]) => text)
  prepare.mockRestore()
  expect(texts).toHaveLength(2)
  for (const text of texts) {
    const plan = plansOf(temp.folder.file, [text]).join('\n')
    expect(plan).toMatch(/USING (COVERING )?INDEX triggers_failing/)
    expect(plan).not.toContain('TEMP B-TREE')
  }
})
