// Events of dispatch, one line each, two on a narrow terminal: time, lane, type, and what its data
// says. Streamed text is shown as it comes only where one lane is followed; with more of them it
// would be torn.
import { asText } from './cell.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { clockTime, isInstant } from './time.ts'
import { visible, visibleLine } from './visible.ts'
import { truncate, widthOf } from './width.ts'

type Data = Record<string, unknown>
type Event = { at?: unknown; lane?: { handle?: unknown } | null; type?: unknown; data?: Data }

const GAP = 2
// Of what happened that much is shown, below who it happened to where the row has no room for it.
const LEAST = 12

/** Renders one event after the other. */
export type EventRenderer = (event: unknown) => string

const isIdentifier = (name: string): boolean => name === 'id' || /Ids?$/.test(name)

const plain = (value: unknown): string => visibleLine(String(value))

// What a person would read of the data, the longest text last.
const textOf = (data: Data): string | null => {
  const error = data.error as { message?: unknown } | null | undefined
  const found = [data.text, data.lastMessage, error?.message, data.message].find(
    (one) => typeof one === 'string' && one.trim() !== '',
  )
  return typeof found === 'string' ? found : null
}

const summaryOf = (data: Data): string => {
  if (typeof data.from === 'string' && typeof data.to === 'string') {
    return `${visibleLine(data.from)} -> ${visibleLine(data.to)}`
  }
  const text = textOf(data)
  const rest = Object.entries(data)
    .filter(([name, value]) => !isIdentifier(name) && !isInstant(value) && value !== text)
    .filter(([, value]) => value !== null && value !== '' && typeof value !== 'object')
    .map(([name, value]) => (name === 'type' ? plain(value) : `${name}=${plain(value)}`))
  return [
    ...(text === null || data.type !== undefined ? rest : []),
    ...(text === null ? [] : [visibleLine(text)]),
  ].join('  ')
}

/** A renderer of events; `streams` says whether streamed text is shown. */
export const makeEventRenderer = (screen: Screen, streams: boolean): EventRenderer => {
  const streamed = new Set<unknown>()
  let isMidLine = false

  const delta = (data: Data): string => {
    if (!streams || typeof data.text !== 'string') return ''
    streamed.add(data.itemId)
    const text = visible(data.text)
    isMidLine = !text.endsWith('\n')
    return data.stream === 'message' ? text : paint(screen, 'dim', text)
  }

  return (event) => {
    const { at, lane, type, data = {} } = event as Event
    if (type === 'item.delta') return delta(data)
    const before = isMidLine ? '\n' : ''
    isMidLine = false
    const shown = streamed.delete(data.id) ? { ...data, text: null } : data
    const time = isInstant(at) ? clockTime(at) : ''
    // A long name leaves room for what happened.
    const most = Math.max(16, Math.floor(screen.columns / 3))
    const handle = lane ? truncate(visibleLine(asText(lane.handle)), most) : ''
    const word = visibleLine(asText(type))
    const who = [paint(screen, 'dim', time), paint(screen, 'cyan', handle)].filter(Boolean)
    const what = paintState(screen, word.split('.').at(-1) ?? '', word)
    const left = (row: readonly string[]): number =>
      screen.columns - row.filter(Boolean).reduce((sum, one) => sum + widthOf(one) + GAP, 0)
    const summary = summaryOf(shown)
    const room = left([time, handle, word])
    const needed = summary === '' ? -GAP : Math.min(LEAST, widthOf(summary))
    const rows =
      room < needed && who.length > 0
        ? [who, [' '.repeat(GAP) + what, truncate(summary, left([word]) - GAP)]]
        : [[...who, what, truncate(summary, Math.max(LEAST, room))]]
    return before + rows.map((row) => `${row.filter(Boolean).join(' '.repeat(GAP))}\n`).join('')
  }
}
