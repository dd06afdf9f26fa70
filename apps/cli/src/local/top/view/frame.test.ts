// Whole screens as they are drawn.
import { readFile } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { widthOf } from '../../../output/width.ts'
import { changed, type Change } from '../model/change.ts'
import { press } from '../model/keys.ts'
import type { TopState } from '../model/state.ts'
import { item, lane, NOW, request, stateOf, trigger, waiting } from '../testing/samples.ts'
import { renderFrame } from './frame.ts'

const turn = {
  ...{ id: 't', status: 'started' as const, startedAt: '2026-03-01T11:59:18.000Z' },
  ...{ completedAt: null, durationMs: null, error: null, errorAt: null, reason: null },
}

const fleet = [
  lane('docs', { status: 'busy', activeTurn: turn }),
  lane('日本語のとても長い名前のレーンです', { latestTurn: { ...turn, status: 'completed' } }),
  lane('ask', { status: 'waiting_approval', pendingRequests: 1 }),
]

const changes = [
  { kind: 'doing', laneId: 'id-docs', what: '$ npm run build -- --very-long-flag 🚀🚀🚀' },
  {
    kind: 'requests',
    requests: [request('r', 'ask', { changes: null, command: 'rm -rf node_modules && npm ci' })],
  },
  { kind: 'queue', waiting: [waiting('m', 'docs')], total: 1 },
  { kind: 'triggers', triggers: [trigger('nightly', 'docs')] },
] satisfies Change[]

const stateAt = (columns: number, rows: number, lanes = fleet): TopState =>
  changes.reduce<TopState>(changed, stateOf(lanes, rows, columns))

const plain = { color: false, now: NOW }

const after = (state: TopState, ...keys: string[]): TopState =>
  keys.reduce((at, key) => press(at, { key }).state, state)

const textOf = (state: TopState): string => renderFrame(state, plain).rows.join('\n')

describe('a frame', () => {
  test('stands in the guide as it is drawn', async () => {
    const lanes = [
      lane('migrate', { status: 'waiting_approval', pendingRequests: 1 }),
      lane('docs', { status: 'busy', activeTurn: turn }),
      lane('tests', { status: 'idle', latestTurn: { ...turn, status: 'completed' } }),
    ].map((one, at) => ({ ...one, ref: ['0Vq3Tn', '0k7M4a', '0bX9Re'][at] ?? '' }))
    const shown = [
      {
        kind: 'requests',
        requests: [request('r', 'migrate', { summary: 'git push origin main' })],
      },
      { kind: 'doing', laneId: 'id-docs', what: '$ npm run build' },
      { kind: 'queue', waiting: [waiting('m', 'docs')], total: 1 },
      { kind: 'triggers', triggers: [trigger('nightly', 'docs'), trigger('pulse', 'docs')] },
    ] satisfies Change[]
    const state = shown.reduce<TopState>(changed, stateOf(lanes, 10, 84))
    const rows = textOf(state)
      .split('\n')
      .map((row) => row.trimEnd())
    const guide = await readFile(
      new URL('../../../../../../docs/guide/top.md', import.meta.url),
      'utf8',
    )
    expect(guide).toContain(`\n${rows.join('\n')}\n`)
  })

  test('has the titles and the keys of its picture', async () => {
    const picture = await readFile(
      new URL('../../../../../../docs/pictures/top.svg', import.meta.url),
      'utf8',
    )
    const words = picture.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
    const { rows } = renderFrame(stateAt(100, 18), plain)
    for (const row of [rows[2], rows.at(-1)]) {
      expect(words).toContain(row?.trim().replaceAll(/\s+/g, ' '))
    }
  })

  test('of lanes at 80 x 12', () => {
    expect(`\n${textOf(stateAt(80, 12)).replaceAll(/ +$/gm, '')}\n`).toMatchInlineSnapshot(`
      "
      dispatch top  3 lanes, 1 needs you, 1 busy
      [1 lanes 3]  2 requests 1   3 queue 1   4 triggers 1
        REF     LANE                STATUS            SINCE     NOW
      ▸ 0askxx  @ask                waiting_approval  5m        asks: npm test
        0docsx  @docs               busy              42s       $ npm run build -- -…
        0日本…  @日本語のとても長…  idle              5m        completed





      Enter open  s send  x stop  a answer  o Codex UI  / filter  ? help  q quit
      "
    `)
  })

  test.each([
    [40, 10],
    [80, 24],
    [123, 33],
    [200, 60],
  ])('has the rows of the terminal and none wider, at %i x %i, in every list', (columns, rows) => {
    const open = changed(after(stateAt(columns, rows), 'enter'), {
      kind: 'item',
      laneId: 'id-ask',
      item: item('i', '長い日本語のテキスト🚀'.repeat(40)),
    })
    const states = [
      ...['1', '2', '3', '4'].map((key) => after(stateAt(columns, rows), key)),
      ...[open, after(open, 'up', 'up'), after(open, '?'), after(stateAt(columns, rows), '?')],
      ...[after(stateAt(columns, rows), 's'), after(stateAt(columns, rows), '2', 'a')],
      stateAt(columns, rows, []),
    ]
    for (const state of states) {
      for (const color of [true, false]) {
        const frame = renderFrame(state, { ...plain, color })
        expect(frame.rows).toHaveLength(rows)
        const widths = frame.rows.map((row) => widthOf(stripVTControlCharacters(row)))
        expect(Math.max(...widths)).toBeLessThanOrEqual(columns)
      }
    }
  })

  test('has colours, or none at all', () => {
    const state = stateAt(100, 24)
    expect(renderFrame(state, { ...plain, color: true }).rows.join('')).toContain('\u001b[33m')
    expect(textOf(state)).not.toContain('\u001b')
  })

  test('tells of a turn that was cut and stopped by nobody', () => {
    const cut = { ...turn, status: 'interrupted' as const, reason: 'app-server lost' }
    const text = textOf(stateAt(100, 12, [lane('a', { latestTurn: cut }), lane('b')]))
    expect(text).toContain('2 lanes, 1 needs you')
    expect(text).toMatch(/@a +idle, cut +5m +cut off: app-server lost/)
  })

  test('of a terminal that is too small says so', () => {
    expect(textOf(stateAt(39, 24))).toContain('here are 39 and 24.')
    expect(renderFrame(stateAt(5, 2), plain).rows).toHaveLength(2)
  })

  test('shows all that is asked, and scrolls to what does not fit', () => {
    const diff = Array.from({ length: 30 }, (_, at) => `+ line ${at}`).join('\n')
    const patch = [{ path: '/work/a.ts', change: 'update', movedTo: null, diff }]
    const asked = changed(stateAt(80, 24), {
      kind: 'requests',
      requests: [request('r', 'ask', { kind: 'file_change', changes: patch })],
    })
    const shown = after(asked, '2')
    expect(textOf(shown)).toContain('update /work/a.ts')
    expect(textOf(shown)).toMatch(/\d+ more rows: PgDn/)
    const scrolled = textOf(after(shown, 'pagedown', 'pagedown', 'pagedown'))
    expect(scrolled).toContain('+ line 29')
    expect(scrolled).not.toContain('more rows')
  })

  test('of 10,000 lanes has those that are seen', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => lane(`lane-${at}`))
    const state = stateOf(many, 24, 80)
    expect(textOf(state)).toContain('10000 lanes')
    expect(
      textOf(after(state, 'end'))
        .split('\n')
        .filter((row) => row.includes('@lane-')).length,
    ).toBe(18)
  })

  describe('of a list that is longer than its room', () => {
    const asking = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        lane(`ask-${at}`, { status: 'waiting_approval', pendingRequests: 1 }),
      )
    const resting = (count: number) => Array.from({ length: count }, (_, at) => lane(`lane-${at}`))
    const down = (state: TopState, rows: number) =>
      after(state, ...Array.from({ length: rows }, () => 'down'))
    // Of a body of 6 rows, 4 are lanes.
    const edgeOf = (state: TopState) => renderFrame(state, plain).rows.at(-3)?.trim()
    const listOf = (columns: number, asks: number, rests: number) =>
      stateOf([...asking(asks), ...resting(rests)], 10, columns)

    test.each([40, 80, 200])(
      'says at %i columns how much is hidden, and who needs one',
      (columns) => {
        expect(edgeOf(listOf(columns, 6, 8))).toBe('↓ 10 more, 2 need you')
        expect(edgeOf(listOf(columns, 0, 8))).toBe('↓ 4 more')
        expect(edgeOf(after(listOf(columns, 1, 8), 'end'))).toBe('↑ 5 more, 1 needs you')
        expect(edgeOf(down(listOf(columns, 2, 8), 5))).toBe('↑ 3 more, 2 need you   ↓ 3 more')
        expect(renderFrame(listOf(columns, 2, 3), plain).rows.join('\n')).not.toMatch(/[↑↓] \d/)
      },
    )

    test('says on both sides who needs one, in fewer words where it is narrow', () => {
      expect(edgeOf(down(listOf(80, 9, 1), 5))).toBe('↑ 3 more, 3 need you   ↓ 3 more, 2 need you')
      expect(edgeOf(down(listOf(40, 9, 1), 5))).toBe('need you: ↑ 3   ↓ 2')
    })

    test('of requests, above what is asked', () => {
      const requests = Array.from({ length: 9 }, (_, at) => request(`r${at}`, 'ask'))
      const many = changed(stateAt(80, 24), { kind: 'requests', requests })
      const { rows } = renderFrame(after(many, '2'), plain)
      const edge = rows.findIndex((row) => row.includes('↓ 3 more, 3 need you'))
      expect(rows[edge + 1]).toMatch(/^── command: approve/)
      expect(rows).toHaveLength(24)
    })

    test('is gone through a page at a time, one row of the page before in sight', () => {
      const state = after(listOf(80, 0, 30), 'pagedown')
      expect(state.selected.lanes.at).toBe(3)
    })
  })

  test('shows what a model says, never sends it', () => {
    const hostile = 'a \u001b]0;owned\u0007 \u009b2J \u202e b'
    const opened = changed(after(stateAt(100, 24), 'enter'), {
      kind: 'item',
      laneId: 'id-ask',
      item: item('i', hostile),
    })
    const asked = changed(opened, {
      kind: 'requests',
      requests: [request('r', 'ask', { summary: hostile, command: hostile, reason: hostile })],
    })
    const doing = changed(asked, { kind: 'doing', laneId: 'id-docs', what: hostile })
    for (const state of [
      doing,
      after(doing, 'escape'),
      after(doing, 'a'),
      after(doing, 'a', 'a'),
    ]) {
      for (const character of ['\u001b', '\u0007', '\u009b', '\u202e']) {
        expect(textOf(state)).not.toContain(character)
      }
    }
  })

  test('has the cursor where one types, behind wide characters too', () => {
    const typing = press(after(stateAt(80, 24), 's'), { typed: '日本' }).state
    const { rows, cursor } = renderFrame(typing, plain)
    expect(cursor).toEqual({ x: widthOf(rows.at(-1) ?? ''), y: 23 })
    expect(renderFrame(after(typing, 'escape'), plain).cursor).toBeNull()
    const long = press(after(stateAt(80, 24), 's'), { typed: 'x'.repeat(500) }).state
    expect(renderFrame(long, plain).cursor?.x).toBeLessThan(80)
  })

  test('says that the daemon is gone, and how Codex stands', () => {
    const said = { tone: 'ok', text: 'nightly is paused.' } as const
    const before = changed(stateAt(80, 24), { kind: 'notice', notice: said })
    expect(textOf(before)).toContain('nightly is paused.')
    const lost = changed(before, { kind: 'link', link: 'lost' })
    expect(textOf(lost)).toContain('The daemon is gone.')
    const notice = { tone: 'ok' as const, text: 'nightly is paused.' }
    const told = changed(stateAt(80, 24), { kind: 'notice', notice })
    const gone = textOf(changed(told, { kind: 'link', link: 'lost' }))
    expect(gone).toContain('The daemon is gone.')
    expect(gone).not.toContain(notice.text)
    const codex = {
      ...{ state: 'unavailable' as const, connection: 'own' as const, binary: null, version: null },
      ...{ stale: false, pid: null, socket: null, home: '/codex', error: 'There is no codex.' },
    }
    const down = changed(stateAt(80, 24), { kind: 'codex', codex })
    expect(textOf(down)).toContain('Codex is unavailable: There is no codex.')
    const back = changed(down, { kind: 'codex', codex: { ...codex, state: 'ready', version: '1' } })
    expect(textOf(back)).toContain('Codex 1 ready')
  })
})
