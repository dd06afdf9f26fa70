// The text of an open lane in rows: a head an item, its text below, as `dispatch tail` has it. What an
// item comes to is kept as long as the width stays. Pure.
import type { TranscriptItem } from '@dispatch/contract'
import { clockTime } from '../../../output/time.ts'
import { visibleLine } from '../../../output/visible.ts'
import { truncate } from '../../../output/width.ts'
import type { LiveItem, OpenLane } from './state.ts'
import { wrapText } from '../../../output/wrap.ts'

/** A row: a head has the words that are painted, a text is what was said. */
export type TextRow =
  | { kind: 'head'; type: string; rest: string; status: string }
  | { kind: 'text'; text: string }

/** Rows of one item; whoever wants more reads it with `dispatch tail`. */
const ITEM_ROWS_MAX = 2_000

const indented = (text: string, columns: number): TextRow[] => {
  if (text.trim() === '') return []
  const rows = wrapText(text, columns - 2)
  const shown = rows.slice(0, ITEM_ROWS_MAX)
  const more = rows.length - shown.length
  return [...shown, ...(more > 0 ? [`… ${more} more rows: dispatch tail`] : [])].map((row) => ({
    kind: 'text',
    text: `  ${row}`,
  }))
}

const headOf = (item: TranscriptItem, columns: number): TextRow => {
  const at = item.completedAt ?? item.startedAt
  const isEnd = item.type === 'turn'
  return {
    kind: 'head',
    type: isEnd ? '--' : visibleLine(item.type),
    rest: at ? clockTime(at) : '',
    status: truncate(visibleLine(item.status ?? ''), columns - 24),
  }
}

const known = new WeakMap<TranscriptItem, { columns: number; rows: readonly TextRow[] }>()

/** The rows of an item. */
export const itemRows = (item: TranscriptItem, columns: number): readonly TextRow[] => {
  const before = known.get(item)
  if (before?.columns === columns) return before.rows
  const rows = [headOf(item, columns), ...indented(item.text, columns)]
  known.set(item, { columns, rows })
  return rows
}

const liveRows = ({ type, text }: LiveItem, columns: number): TextRow[] => [
  { kind: 'head', type: visibleLine(type), rest: '', status: '…' },
  ...indented(text, columns),
]

/** Rows of everything that is complete. */
export const countRows = ({ items }: OpenLane, columns: number): number =>
  items.reduce((sum, item) => sum + itemRows(item, columns).length, 0)

type Wanted = { columns: number; height: number }

/** The rows that are seen: the newest, or those so many rows above. What streams is seen at the end only. */
export const rowsSeen = (open: OpenLane, { columns, height }: Wanted): readonly TextRow[] => {
  const needed = height + open.above
  const parts: (readonly TextRow[])[] =
    open.above === 0 ? open.live.map((live) => liveRows(live, columns)) : []
  let have = parts.reduce((sum, rows) => sum + rows.length, 0)
  for (let at = open.items.length - 1; at >= 0 && have < needed; at -= 1) {
    const item = open.items[at]
    if (!item) break
    const rows = itemRows(item, columns)
    parts.unshift(rows)
    have += rows.length
  }
  const end = Math.max(height, have - open.above)
  return parts.flat().slice(Math.max(0, end - height), end)
}
