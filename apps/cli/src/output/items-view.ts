// A transcript: a head a item (type, time, status), its text below, indented; the end of a turn is a
// line of its own.
import { asText } from './cell.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { clockTime, isInstant } from './time.ts'
import { visible, visibleLine } from './visible.ts'
import { widthOf } from './width.ts'
import { wrapText } from './wrap.ts'

type Item = {
  type?: unknown
  text?: unknown
  status?: unknown
  startedAt?: unknown
  completedAt?: unknown
}

// How a turn ended, as a rule; why stands below it where the row has no room.
const renderEnd = (status: string, message: unknown, screen: Screen): string => {
  const head = `${paint(screen, 'dim', '--')} ${paintState(screen, status)}`
  const why = visibleLine(asText(message))
  if (why === '') return `${head}\n`
  const used = widthOf(`-- ${status}  `)
  if (used + widthOf(why) <= screen.columns) return `${head}  ${why}\n`
  return `${[head, ...wrapText(why, screen.columns - 2).map((row) => `  ${row}`)].join('\n')}\n`
}

// What is written to be read; the rest, such as the output of a command, keeps its lines for who copies them.
const prose = new Set(['userMessage', 'agentMessage', 'reasoning', 'plan'])

const bodyOf = ({ type, text }: Item, { columns }: Screen): string[] => {
  const said = visible(asText(text)).trimEnd()
  if (said === '') return []
  const isWrapped = Number.isFinite(columns) && prose.has(asText(type))
  return isWrapped ? wrapText(said, columns - 2) : said.split('\n')
}

const renderItem = (item: Item, screen: Screen): string => {
  if (item.type === 'turn') {
    return renderEnd(visibleLine(asText(item.status, 'turn')), item.text, screen)
  }
  const at = [item.completedAt, item.startedAt].find(isInstant)
  const status = typeof item.status === 'string' ? visibleLine(item.status) : ''
  const head = [
    paint(screen, 'bold', visibleLine(asText(item.type, 'item'))),
    ...(at === undefined ? [] : [paint(screen, 'dim', clockTime(at))]),
    ...(status === '' ? [] : [paintState(screen, status)]),
  ].join('  ')
  const body = bodyOf(item, screen).map((line) => `  ${line}`.trimEnd())
  return `${[head, ...body].join('\n')}\n`
}

/** A whole transcript. */
export const renderItems = (items: readonly Item[], screen: Screen): string =>
  items.length === 0 ? 'No items.\n' : items.map((item) => renderItem(item, screen)).join('')

type TailEvent =
  | { kind: 'item'; item: Item }
  | { kind: string; turnId?: unknown; status?: unknown; message?: unknown }

const isItem = (event: TailEvent): event is { kind: 'item'; item: Item } => event.kind === 'item'

/** One event of a followed transcript: an item, or the end of a turn as a rule. */
export const renderTailEvent = (event: unknown, screen: Screen): string => {
  const tail = event as TailEvent
  if (isItem(tail)) return renderItem(tail.item, screen)
  return renderEnd(visibleLine(asText(tail.status, tail.kind)), tail.message, screen)
}
