import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  CursorError,
  ForeignDatabaseError,
  openSearchIndex,
  type SearchDocument,
  type SearchIndex,
  type SearchQuery,
  textToWords,
} from '../src/index.ts'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'dspi-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const anything: SearchQuery = {
  words: [],
  threadIds: null,
  types: null,
  tool: null,
  file: null,
  status: null,
  errored: false,
  since: null,
  until: null,
}

const document = (itemId: string, more: Partial<SearchDocument> = {}): SearchDocument => ({
  threadId: 'T1',
  turnId: 'U1',
  itemId,
  type: 'agentMessage',
  tool: null,
  files: [],
  status: null,
  at: 1_000,
  text: `the text of ${itemId}`,
  ...more,
})

const put = (index: SearchIndex, ...documents: SearchDocument[]): number =>
  index.transaction(() => index.put(documents))

const find = (
  index: SearchIndex,
  text: string | null,
  more: Partial<SearchQuery> = {},
  page: { limit?: number; cursor?: string | null } = {},
) =>
  index.page({
    query: { ...anything, words: text === null ? [] : textToWords(text), ...more },
    limit: page.limit ?? 20,
    cursor: page.cursor ?? null,
  })

const ids = (page: { hits: { itemId: string }[] }): string[] =>
  page.hits.map(({ itemId }) => itemId)

const made = (): SearchIndex => {
  const index = openSearchIndex(join(folder(), 'index.db'))
  onTestFinished(() => index[Symbol.dispose]())
  return index
}

describe('the index', () => {
  it('finds by words, phrases, beginnings, without accents and in scripts without blanks', () => {
    const index = made()
    put(
      index,
      document('a', { text: 'The schema has drifted since Monday' }),
      document('b', { text: 'drifted schema' }),
      document('c', { text: 'Un café à côté' }),
      document('d', { text: 'この日本語の文' }),
    )
    expect(ids(find(index, 'schema drifted')).sort()).toEqual(['a', 'b'])
    expect(ids(find(index, '"schema has drifted"'))).toEqual(['a'])
    expect(ids(find(index, 'sch* mon*'))).toEqual(['a'])
    expect(ids(find(index, 'cafe cote'))).toEqual(['c'])
    expect(ids(find(index, '日本語'))).toEqual(['d'])
    expect(ids(find(index, '本日'))).toEqual([])
    expect(ids(find(index, 'schem'))).toEqual([])
  })

  it('has an item once, with the text that was told last', () => {
    const index = made()
    expect(put(index, document('a', { text: 'first words' }))).toBe(1)
    expect(put(index, document('a', { text: 'first words' }))).toBe(0)
    expect(put(index, document('a', { text: 'second words' }))).toBe(1)
    expect(index.size()).toBe(1)
    expect(ids(find(index, 'first'))).toEqual([])
    expect(find(index, 'words').hits).toMatchObject([{ itemId: 'a', snippet: 'second words' }])
    // The same id in another turn is another item.
    put(index, document('a', { turnId: 'U2' }))
    expect(index.size()).toBe(2)
  })

  it('filters by what an item is of, alone and with words', () => {
    const index = made()
    const at = (day: number): number => Date.UTC(2026, 5, day)
    put(
      index,
      document('said', { at: at(1), text: 'run it' }),
      document('ran', {
        type: 'commandExecution',
        tool: 'shell',
        status: 'failed',
        at: at(2),
        text: '$ run it',
      }),
      document('asked', {
        threadId: 'T2',
        type: 'mcpToolCall',
        tool: 'git-hub.list_issues',
        status: 'completed',
        at: at(3),
        text: 'git-hub.list_issues run',
      }),
      document('wrote', {
        threadId: 'T2',
        type: 'fileChange',
        tool: 'apply_patch',
        files: ['/work/src/turns/send.ts', '/work/README.md'],
        status: 'completed',
        at: at(4),
        text: 'update',
      }),
    )
    const of = (more: Partial<SearchQuery>, text: string | null = null) =>
      ids(find(index, text, more))
    expect(of({})).toEqual(['wrote', 'asked', 'ran', 'said'])
    expect(of({ threadIds: ['T2'] })).toEqual(['wrote', 'asked'])
    expect(of({ threadIds: ['T2', 'T1'] }, 'run').sort()).toEqual(['asked', 'ran', 'said'])
    expect(of({ threadIds: ['none'] })).toEqual([])
    expect(of({ types: ['fileChange', 'mcpToolCall'] })).toEqual(['wrote', 'asked'])
    expect(of({ tool: 'list_issues' })).toEqual(['asked'])
    expect(of({ tool: 'git-hub.list_issues' }, 'run')).toEqual(['asked'])
    expect(of({ tool: 'list' })).toEqual([])
    expect(of({ file: 'send.ts' })).toEqual(['wrote'])
    expect(of({ file: 'turns/send.ts' })).toEqual(['wrote'])
    expect(of({ file: 'send.tsx' })).toEqual([])
    expect(of({ errored: true }, 'run')).toEqual(['ran'])
    expect(of({ status: 'completed' })).toEqual(['wrote', 'asked'])
    expect(of({ since: at(2), until: at(4) })).toEqual(['asked', 'ran'])
    expect(of({ since: at(2), until: at(4) }, 'run').sort()).toEqual(['asked', 'ran'])
    // A filter is no word of a text, and the other way round.
    expect(of({}, 'tagentmessage')).toEqual([])
  })

  it('keeps to the times of items that share an instant', () => {
    const index = made()
    put(index, ...Array.from({ length: 50 }, (_, at) => document(`x${at}`, { at: 5_000 })))
    put(index, document('next', { at: 5_001 }))
    expect(ids(find(index, null, { since: 5_000, until: 5_001 }, { limit: 100 }))).toHaveLength(50)
    expect(ids(find(index, 'text', { since: 5_001 }))).toEqual(['next'])
  })

  it('ranks what says it more often, in fewer words, and by a person or an agent first', () => {
    const index = made()
    put(
      index,
      document('once', { text: `needle ${'hay '.repeat(50)}`, at: 4_000 }),
      document('often', { text: `needle needle needle ${'hay '.repeat(50)}`, at: 1_000 }),
      document('printed', { text: 'needle', type: 'commandExecution', at: 3_000 }),
      document('short', { text: 'needle', at: 2_000 }),
    )
    expect(ids(find(index, 'needle'))).toEqual(['often', 'short', 'once', 'printed'])
  })

  it('pages through everything, whatever is added meanwhile', () => {
    const index = made()
    const many = Array.from({ length: 2_500 }, (_, at) =>
      document(`x${at}`, { at: 1_000_000 + at * 10, text: `needle ${'n '.repeat(at % 17)}` }),
    )
    put(index, ...many)
    for (const text of ['needle', null]) {
      const seen: string[] = []
      let cursor: string | null = null
      let added = 0
      do {
        const page: ReturnType<typeof find> = find(index, text, {}, { limit: 333, cursor })
        seen.push(...ids(page))
        cursor = page.nextCursor
        // Newer, older and in between.
        added += 1
        for (const at of [9_000_000, 10, 1_005_005])
          put(index, document(`new-${text}-${at}-${added}`, { at: at + added, text: 'needle' }))
      } while (cursor !== null)
      const old = seen.filter((id) => id.startsWith('x'))
      expect(new Set(seen).size).toBe(seen.length)
      expect(new Set(old).size).toBe(2_500)
    }
  })

  it('refuses a cursor of another query and what is none', () => {
    const index = made()
    put(index, document('a'), document('b'), document('c'))
    const { nextCursor } = find(index, 'text', {}, { limit: 1 })
    expect(nextCursor).not.toBeNull()
    expect(() => find(index, 'other', {}, { cursor: nextCursor })).toThrow(CursorError)
    for (const cursor of ['', 'x', '0', 'AAAA']) {
      expect(() => find(index, 'text', {}, { cursor })).toThrow(CursorError)
    }
  })

  it('goes on with a cursor while the times that are asked for move on', () => {
    const index = made()
    for (const at of [1_000, 2_000, 3_000]) put(index, document(`at-${at}`, { at }))
    for (const text of ['text', null]) {
      const first = find(index, text, { since: 500 }, { limit: 1 })
      const next = { limit: 9, cursor: first.nextCursor }
      const rest = find(index, text, { since: 1_500 }, next)
      expect([...ids(first), ...ids(rest)]).toEqual(['at-3000', 'at-2000'])
    }
  })

  it('forgets threads and turns', () => {
    const index = made()
    put(index, document('a'), document('b', { turnId: 'U2' }), document('c', { threadId: 'T2' }))
    index.transaction(() => index.forgetTurns('T1', ['U2']))
    expect(ids(find(index, 'text')).sort()).toEqual(['a', 'c'])
    expect(index.transaction(() => index.forgetSome('T1', 10))).toBe(1)
    index.threads.remove('T1')
    expect(ids(find(index, 'text'))).toEqual(['c'])
    expect(index.size()).toBe(1)
  })

  it('scans by number and by filter, and sorts nothing', () => {
    const index = made()
    put(index, document('a'))
    using db = {
      db: new BetterSqlite(index.file, { readonly: true }),
      [Symbol.dispose]() {
        this.db.close()
      },
    }
    const plan = (sql: string, ...values: unknown[]): string =>
      (db.db.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[])
        .map(({ detail }) => detail)
        .join('; ')
    // `M`: by the words; `>`, `<` and `r`: within numbers, from the newest.
    expect(
      plan(
        'select rowid from words where words match ? and rowid between ? and ? order by rowid desc limit ?',
        'a',
        1,
        2,
        3,
      ),
    ).toMatch(/^SCAN words VIRTUAL TABLE INDEX \d+:\S*M\d*\S*$/)
    expect(
      plan('select id from documents where id between ? and ? order by id desc limit ?', 1, 2, 3),
    ).toBe('SEARCH documents USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)')
    expect(
      plan('select id from documents where lane = ? and turnId = ? and itemId = ?', 1, 'a', 'b'),
    ).toContain('USING COVERING INDEX documents_item (lane=? AND turnId=? AND itemId=?)')
    expect(
      plan('select * from threads where floor is null or floor > 0 order by id limit ?', 1),
    ).toContain('threads_undone')
  })
})

describe('the file of the index', () => {
  it('is private, and is there again when it is opened again', () => {
    const file = join(folder(), 'index.db')
    {
      using index = openSearchIndex(file)
      expect(index.made).toBe(true)
      put(index, document('a'))
      index.threads.put({ threadId: 'T1', floor: 3, rollout: { position: 1 } })
      index.threads.setMark(42)
    }
    expect(statSync(file).mode & 0o777).toBe(0o600)
    using index = openSearchIndex(file)
    expect(index.made).toBe(false)
    expect(ids(find(index, 'text'))).toEqual(['a'])
    expect(index.threads.get('T1')).toEqual({ threadId: 'T1', floor: 3, rollout: { position: 1 } })
    expect([index.threads.mark(), index.threads.countUndone()]).toEqual([42, 1])
  })

  it('is made again where it is damaged or of another schema', () => {
    const file = join(folder(), 'index.db')
    writeFileSync(file, 'no database at all')
    using first = openSearchIndex(file)
    expect(first.made).toBe(true)
    first[Symbol.dispose]()
    const db = new BetterSqlite(file)
    db.pragma('user_version = 99')
    db.close()
    using second = openSearchIndex(file)
    expect(second.made).toBe(true)
    put(second, document('a'))
    second[Symbol.dispose]()
    const bytes = readFileSync(file)
    bytes.fill(0x5a, 4_096)
    writeFileSync(file, bytes)
    using third = openSearchIndex(file)
    expect([third.made, third.size()]).toEqual([true, 0])
  })

  it("is never another program's", () => {
    const file = join(folder(), 'index.db')
    const db = new BetterSqlite(file)
    db.exec('create table theirs (a)')
    db.close()
    expect(() => openSearchIndex(file)).toThrow(ForeignDatabaseError)
  })
})
