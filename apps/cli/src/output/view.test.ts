import { describe, expect, test } from 'vitest'
import { toJson } from './json.ts'
import type { Screen } from './screen.ts'
import { makeStreamRenderer, renderAnswer } from './view.ts'
import { visible, visibleLine } from './visible.ts'
import { truncate, widthOf } from './width.ts'

const screen: Screen = {
  columns: 80,
  color: false,
  now: Date.parse('2026-03-01T12:00:00.000Z'),
  isFile: false,
}
const lines = (...all: string[]): string => `${all.join('\n')}\n`

describe('control characters', () => {
  test.each([
    ['\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
    ['bell\u0007 del\u007f', 'bell␇ del␡'],
    ['8-bit \u009b31m', '8-bit \\u009b31m'],
    ['a\u202eb', 'a\\u202eb'],
    ['over\rwrite', 'over␍write'],
    ['kept\r\n\tlines', 'kept\n\tlines'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  test('a message goes into a file as it was said, and nowhere else', () => {
    const view = { kind: 'line' as const, template: '{a}', message: 'm' }
    const m = 'form\ffeed\r\n\u001b[1mbold\n'
    const file = { ...screen, isFile: true }
    expect(renderAnswer({ a: 1, m }, view, file)).toBe(m)
    expect(renderAnswer({ a: 1, m: 'no end' }, view, file)).toBe('no end\n')
    expect(renderAnswer({ a: 1, m }, view, screen)).toBe('form␌feed\n␛[1mbold\n')
    expect(renderAnswer({ a: 'x\u001b' }, view, file)).toBe('x␛\n')
  })

  test('one line has no line ends', () => {
    expect(visibleLine(' a\n\n b\tc ')).toBe('a b c')
  })

  test('no view lets one through', () => {
    const evil = '\u001b]0;title\u0007\u009b2J'
    const event = {
      at: '2026-03-01T11:00:00.000Z',
      lane: { handle: evil },
      type: evil,
      data: { [evil]: evil, text: evil },
    }
    const rendered = [
      renderAnswer({ [evil]: evil, list: [evil], rows: [{ a: evil }] }, { kind: 'fields' }, screen),
      renderAnswer(
        { rows: [{ a: evil }] },
        { kind: 'table', rows: 'rows', columns: [{ field: 'a', title: 'A' }], empty: '' },
        screen,
      ),
      renderAnswer(
        { rows: [{ type: evil, text: evil, status: evil }] },
        { kind: 'items', rows: 'rows' },
        screen,
      ),
      renderAnswer({ a: evil, m: evil }, { kind: 'line', template: '{a}' }, screen),
      renderAnswer({ a: evil, m: evil }, { kind: 'line', template: '{a}', message: 'm' }, screen),
      renderAnswer(
        { r: [{ message: evil, level: evil, fields: { [evil]: evil } }] },
        { kind: 'log', rows: 'r' },
        screen,
      ),
      makeStreamRenderer({ kind: 'events' }, screen, true)(event),
      makeStreamRenderer({ kind: 'events' }, screen, true)({ ...event, type: 'item.delta' }),
      makeStreamRenderer(
        { kind: 'item' },
        screen,
        true,
      )({ kind: 'turn', status: evil, message: evil }),
      toJson({ evil }),
    ].join('')
    expect(rendered.match(/[^\P{Cc}\n]/gu)).toBeNull()
  })
})

describe('widths', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['👩‍👩‍👧', 2],
    ['é', 1],
  ])('%s takes %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })

  test.each([
    ['abcdef', 4, 'abc…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['日本語', 6, '日本語'],
    ['x', 0, ''],
  ])('%s in %i columns is %s', (text, columns, cut) => {
    expect(truncate(text, columns)).toBe(cut)
  })
})

describe('tables', () => {
  const view = {
    kind: 'table' as const,
    rows: 'lanes',
    columns: [
      { field: 'handle', title: 'HANDLE' },
      { field: 'turn.status', title: 'TURN' },
      { field: 'message', title: 'MESSAGE' },
    ],
    empty: 'None.',
  }
  const lanes = [
    { handle: '@文書', turn: { status: 'completed' }, message: 'ok\nthen 🎉' },
    { handle: '@b', turn: null, message: 'a long message that does not fit into what is left' },
  ]

  test('are aligned by display width', () => {
    expect(renderAnswer({ lanes }, view, screen)).toBe(
      lines(
        'HANDLE  TURN       MESSAGE',
        '@文書   completed  ok then 🎉',
        '@b      -          a long message that does not fit into what is left',
      ),
    )
  })

  test('fit a narrow terminal: the widest column gives', () => {
    const text = renderAnswer({ lanes }, view, { ...screen, columns: 40 })
    expect(text).toContain('@b      -          a long message that …')
    for (const line of text.trimEnd().split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(40)
  })

  test('show what people type on whole: later columns go for it', () => {
    const columns = [
      { field: 'handle', title: 'HANDLE', whole: true as const },
      { field: 'status', title: 'STATUS', marks: ['flags.held', 'flags.stalled', 'turn.reason'] },
      { field: 'cwd', title: 'CWD' },
    ]
    const rows = [
      { handle: '@the-docs-of-the-website', status: 'idle', flags: { held: true }, cwd: '/a' },
      {
        ...{ handle: '@b', status: 'busy', turn: { reason: null }, cwd: '/work' },
        flags: { held: false, stalled: true },
      },
      { handle: '@c', status: 'idle', turn: { reason: 'lost' }, flags: {}, cwd: '/c' },
    ]
    const at = (width: number): string =>
      renderAnswer({ lanes: rows }, { ...view, columns }, { ...screen, columns: width })
    expect(at(80)).toBe(
      lines(
        'HANDLE                    STATUS         CWD',
        '@the-docs-of-the-website  idle, held     /a',
        '@b                        busy, stalled  /work',
        '@c                        idle, lost     /c',
      ),
    )
    expect(at(40)).toBe(
      lines(
        'HANDLE                    STATUS',
        '@the-docs-of-the-website  idle, held',
        '@b                        busy, stalled',
        '@c                        idle, lost',
      ),
    )
    expect(at(20)).toContain('@the-docs-of-the-website')
  })

  test('never cut an id: one that nobody types on goes, before others are hard to read', () => {
    const id = '01990000-0000-7000-8000-000000000001'
    const columns = [
      { field: 'name', title: 'NAME', whole: true as const },
      { field: 'schedule', title: 'WHEN' },
      { field: 'reason', title: 'REASON' },
      { field: 'id', title: 'ID' },
    ]
    const rows = [
      { name: 'pulse', schedule: 'every 1800 s', reason: 'It failed: too many words', id },
      { name: '日報', schedule: '0 9 * * 1-5 (Europe/Berlin)', reason: null, id },
    ]
    const at = (width: number, typed = columns): string =>
      renderAnswer({ lanes: rows }, { ...view, columns: typed }, { ...screen, columns: width })
    expect(at(120)).toContain(id)
    expect(at(80)).toContain(id)
    expect(at(60)).not.toContain('01990000')
    expect(at(60)).toContain('日報   0 9 * * 1-5 (Europe')
    const first = columns.toReversed().map((column) => ({ ...column, whole: true as const }))
    expect(at(40, first.slice(0, 1))).toContain(id)
    for (const width of [40, 60, 80, 120])
      for (const line of at(width).trimEnd().split('\n'))
        expect(widthOf(line)).toBeLessThanOrEqual(width)
  })

  test('leave room for the rest beside a long name: half, where something shorter is typed', () => {
    const columns = [
      { field: 'ref', title: 'REF', whole: true as const },
      { field: 'handle', title: 'HANDLE', whole: true as const },
      { field: 'status', title: 'STATUS' },
    ]
    const rows = [{ ref: '0k7M4a', handle: `@${'長'.repeat(60)}`, status: 'waiting_approval' }]
    const view = { kind: 'table' as const, rows: 'rows', columns, empty: '' }
    const row = renderAnswer({ rows }, view, screen).split('\n')[1] ?? ''
    expect(row).toMatch(/^0k7M4a {2}@長+… +waiting_approval$/)
    expect(widthOf(row)).toBeLessThanOrEqual(80)
    const name = renderAnswer({ rows }, { ...view, columns: columns.slice(1) }, screen)
    expect(name).toContain('長'.repeat(60))
  })

  const requestColumns = [
    { field: 'id', title: 'ID', whole: true as const },
    { field: 'lane', title: 'LANE', whole: true as const },
    { field: 'kind', title: 'KIND', minor: true as const },
    { field: 'summary', title: 'WHAT' },
    { field: 'state', title: 'STATE' },
    { field: 'decision', title: 'DECISION' },
    { field: 'asked', title: 'ASKED', minor: true as const },
  ]
  const request = {
    ...{ id: '01990000-0000-7000-8000-000000000001', lane: '@docs', kind: 'command' },
    ...{ summary: 'git push origin a-branch', state: 'decided', decision: 'approved' },
    asked: '2026-03-01T11:00:00.000Z',
  }
  const requestsAt = (columns: number, rows: object[] = [request]): string =>
    renderAnswer(
      { rows },
      { kind: 'table', rows: 'rows', columns: requestColumns, empty: '' },
      { ...screen, columns },
    )

  test('drop what is minor before what is said last', () => {
    expect(requestsAt(140)).toMatch(/KIND +WHAT .*ASKED/)
    expect(requestsAt(80).split('\n')[0]).toMatch(/^ID +LANE +WHAT +STATE +DECISION$/)
  })

  test('are cards where beside the names nothing would be told', () => {
    expect(requestsAt(44, [request, { ...request, decision: null }])).toBe(
      lines(
        '01990000-0000-7000-8000-000000000001  @docs',
        ...['  KIND      command', '  WHAT      git push origin a-branch'],
        ...['  STATE     decided', '  DECISION  approved', '  ASKED     1h 0m ago'],
        '01990000-0000-7000-8000-000000000001  @docs',
        ...['  KIND      command', '  WHAT      git push origin a-branch'],
        ...['  STATE     decided', '  ASKED     1h 0m ago'],
      ),
    )
    expect(requestsAt(38).split('\n').slice(0, 2)).toEqual([request.id, '@docs'])
    const long = requestsAt(40, [{ ...request, summary: '長い '.repeat(100) }])
    expect(long.split('長').length).toBeLessThan(24)
    for (const line of long.trimEnd().split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(40)
  })

  test('keep the state beside a long name, which gives for it', () => {
    const columns = [
      { field: 'ref', title: 'REF', whole: true as const },
      { field: 'handle', title: 'HANDLE', whole: true as const },
      { field: 'status', title: 'STATUS', marks: ['held'] },
      { field: 'cwd', title: 'CWD' },
    ]
    const rows = [
      { ref: '0k7M4a', handle: `@${'n'.repeat(60)}`, status: 'error', held: true, cwd: '/a' },
    ]
    const view = { kind: 'table' as const, rows: 'rows', columns, empty: '' }
    const at40 = renderAnswer({ rows }, view, { ...screen, columns: 34, color: true })
    expect(at40).toContain('  \u001b[31merror, held\u001b[39m\n')
    expect(at40).toContain('0k7M4a  @nnnnnnnnnnn…  ')
  })

  test('take a text that begins with the word of a state for a text', () => {
    const view = {
      kind: 'table' as const,
      rows: 'rows',
      columns: [{ field: 'text', title: 'TEXT' }],
      empty: '',
    }
    const shown = renderAnswer({ rows: [{ text: 'error, retry' }] }, view, {
      ...screen,
      color: true,
    })
    expect(shown).toContain('\nerror, retry\n')
  })

  test('drop first what no row says anything of', () => {
    const columns = ['a', 'silent', 'text'].map((field) => ({ field, title: field }))
    const view = { kind: 'table' as const, rows: 'rows', columns, empty: '' }
    const rows = [
      { a: 'x'.repeat(20), silent: null, text: 'word '.repeat(11) },
      { a: 'y', silent: null, text: 'z' },
    ]
    expect(renderAnswer({ rows }, view, screen)).not.toContain('silent')
    expect(renderAnswer({ rows }, view, { ...screen, columns: 100 })).toContain('silent')
  })

  test('colour the words of states, and nothing without colours', () => {
    expect(renderAnswer({ lanes }, view, { ...screen, color: true })).toContain(
      '\u001b[32mcompleted\u001b[39m',
    )
  })
})

test('fields: nested indented, lists as dashes, times relative and whole', () => {
  const value = {
    ref: '0k7M4a',
    managed: true,
    note: null,
    at: '2026-03-01T09:30:00.000Z',
    usage: { totalTokens: 12 },
    types: ['a', 'b'],
    warnings: ['One is held.', 'Two: look.'],
    empty: [],
    deliveries: [{ id: 'd1', state: 'accepted' }],
    lastMessage: 'one\ntwo\n',
  }
  expect(renderAnswer(value, { kind: 'fields' }, screen)).toBe(
    lines(
      'ref      0k7M4a',
      'managed  yes',
      'note     -',
      'at       2h 30m ago  2026-03-01T09:30:00.000Z',
      'usage',
      '  totalTokens  12',
      'types    a, b',
      'warnings',
      '  - One is held.',
      '  - Two: look.',
      'empty    -',
      'deliveries',
      '  - id     d1',
      '    state  accepted',
      'lastMessage',
      '  one',
      '  two',
    ),
  )
})

test('fields: sentences are broken behind their indentation, words are not', () => {
  const value = {
    reason: 'It failed five times, one after the other.',
    path: '/a/path/that/is/longer/than/the/terminal/is/wide',
    warnings: ['A request waits for a person: dispatch request list', '日本語の 長い 文'],
    text: 'one line that is longer than that\ntwo',
  }
  const at = (columns: number): string =>
    renderAnswer(value, { kind: 'fields' }, { ...screen, columns })
  expect(at(32)).toBe(
    lines(
      'reason  It failed five times,',
      '        one after the other.',
      'path    /a/path/that/is/longer/than/the/terminal/is/wide',
      'warnings',
      '  - A request waits for a',
      '    person: dispatch request',
      '    list',
      '  - 日本語の 長い 文',
      'text',
      '  one line that is longer than',
      '  that',
      '  two',
    ),
  )
  expect(at(Infinity).split('\n')).toHaveLength(9)
})

test('a line: the template, or the message alone', () => {
  const view = {
    kind: 'line' as const,
    template: '{ref}  {delivery.state}',
    message: 'lastMessage',
  }
  const value = { ref: '0k7M4a', delivery: { state: 'accepted' }, lastMessage: null }
  expect(renderAnswer(value, view, screen)).toBe('0k7M4a  accepted\n')
  expect(renderAnswer({ ...value, lastMessage: 'Done.\nAll.' }, view, screen)).toBe('Done.\nAll.\n')
})

test('a line: a table instead, where it has rows', () => {
  const instead = {
    kind: 'table' as const,
    rows: 'plan',
    columns: [{ field: 'key', title: 'KEY' }],
    empty: '',
  }
  const view = { kind: 'line' as const, template: '{ref}', instead }
  expect(renderAnswer({ ref: '0k7M4a', plan: null }, view, screen)).toBe('0k7M4a\n')
  expect(renderAnswer({ ref: '', plan: [{ key: 'cwd' }] }, view, screen)).toContain('cwd')
})

test('items: a head each, the text indented', () => {
  const items = [
    { type: 'userMessage', text: 'hi\nthere', status: null, startedAt: null, completedAt: null },
    {
      type: 'commandExecution',
      text: '$ ls',
      status: 'completed',
      startedAt: null,
      completedAt: null,
    },
  ]
  expect(renderAnswer({ items }, { kind: 'items', rows: 'items' }, screen)).toBe(
    lines('userMessage', '  hi', '  there', 'commandExecution  completed', '  $ ls'),
  )
})

test('items: what is written to be read is wrapped, the output of a command is not', () => {
  const text = 'one two three 日本語 four'
  const rows = [
    { type: 'agentMessage', text },
    { type: 'commandExecution', text },
  ]
  const narrow = { ...screen, columns: 17 }
  expect(renderAnswer({ rows }, { kind: 'items', rows: 'rows' }, narrow)).toBe(
    lines('agentMessage', '  one two three', '  日本語 four', 'commandExecution', `  ${text}`),
  )
  const piped = { ...screen, columns: Number.POSITIVE_INFINITY }
  expect(renderAnswer({ rows }, { kind: 'items', rows: 'rows' }, piped)).toContain(`\n  ${text}\n`)
})

test('fields: what is not there inside of one is not shown', () => {
  const value = { error: null, turn: { id: 't', error: null }, none: { a: null } }
  expect(renderAnswer(value, { kind: 'fields' }, screen)).toBe(
    lines('error  -', 'turn', '  id  t', 'none   -'),
  )
})

test('items: the end of a turn is a line of its own', () => {
  const end = (status: string, text: string) => ({ type: 'turn', status, text })
  const rows = [end('failed', 'no\nmodel'), end('interrupted', '')]
  const text = renderAnswer({ rows }, { kind: 'items', rows: 'rows' }, screen)
  expect(text).toBe('-- failed  no model\n-- interrupted\n')
  const narrow = { ...screen, columns: 24 }
  const long = [end('failed', 'Quota exceeded. Check your plan.')]
  expect(renderAnswer({ rows: long }, { kind: 'items', rows: 'rows' }, narrow)).toBe(
    lines('-- failed', '  Quota exceeded. Check', '  your plan.'),
  )
})

describe('events', () => {
  test('take two lines where the terminal is narrow, and none is wider than it', () => {
    const render = makeStreamRenderer({ kind: 'events' }, { ...screen, columns: 40 }, true)
    const at = '2026-03-01T11:00:00.000Z'
    const event = (type: string, data: object = {}) => ({
      at,
      lane: { handle: '@docs' },
      type,
      data,
    })
    const shown = [
      event('turn.started'),
      event('item.completed', { type: 'agentMessage', text: '日本語のとても長い名前のレーンです' }),
      event('item.started', { type: 'agentMessage', text: '' }),
      event('delivery.submitting', { mode: 'send', textLength: 24 }),
    ]
      .map(render)
      .join('')
      .trimEnd()
      .split('\n')
    expect(shown.map((line) => line.replace(/^[\d:]{8} /, 'TIME'))).toEqual([
      'TIME @docs  turn.started',
      'TIME @docs',
      '  item.completed  agentMessage  日本語…',
      'TIME @docs',
      '  item.started  agentMessage',
      'TIME @docs',
      '  delivery.submitting  mode=send  textL…',
    ])
    for (const line of shown) expect(widthOf(line)).toBeLessThanOrEqual(40)
  })

  const event = (type: string, data: object) => ({ at: '', lane: { handle: '@a' }, type, data })
  const delta = (text: string) =>
    event('item.delta', { turnId: 't', itemId: 'i1', stream: 'message', text })
  const played = [
    event('lane.status-changed', { from: 'idle', to: 'busy' }),
    delta('Hel'),
    delta('lo'),
    event('item.completed', {
      id: 'i1',
      turnId: 't',
      type: 'agentMessage',
      text: 'Hello',
      status: null,
    }),
    event('turn.completed', { turnId: 't', durationMs: 5, error: null, lastMessage: 'Hello' }),
  ]

  test('of one lane: text streams in place, and is not said again', () => {
    const render = makeStreamRenderer({ kind: 'events' }, screen, true)
    expect(played.map(render).join('')).toBe(
      lines(
        '@a  lane.status-changed  idle -> busy',
        'Hello',
        '@a  item.completed  agentMessage',
        '@a  turn.completed  Hello',
      ),
    )
  })

  test('leave room beside a long name', () => {
    const long = {
      ...event('turn.started', { turnId: 't' }),
      lane: { handle: `@${'長'.repeat(40)}` },
    }
    const line = makeStreamRenderer({ kind: 'events' }, screen, true)(long).trimEnd()
    expect(line).toMatch(/^@長{12}…  turn.started$/)
  })

  test('of more lanes: no streamed text', () => {
    const render = makeStreamRenderer({ kind: 'events' }, screen, false)
    expect(played.map(render).join('')).toBe(
      lines(
        '@a  lane.status-changed  idle -> busy',
        '@a  item.completed  agentMessage  Hello',
        '@a  turn.completed  Hello',
      ),
    )
  })
})

test('JSON escapes what a terminal would act on, and means the same', () => {
  const value = { text: '\u009b2J\u007f\u001b' }
  expect(toJson(value)).toBe('{"text":"\\u009b2J\\u007f\\u001b"}\n')
  expect(JSON.parse(toJson(value))).toEqual(value)
})
