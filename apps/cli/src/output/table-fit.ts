// Which columns of a table a terminal has room for, and how wide each is. Pure.
import type { Column } from '@dispatch/contract/manifest'

/** Blanks between two columns. */
export const GAP = 2
// Words of states, and times, are no longer: cut, they say nothing.
const LEAST = 11
// A name, cut, is still told from others.
const LEAST_NAME = 24
// As little of it as that, where a state would have no room otherwise.
const LEAST_NAME_BESIDE_STATE = 12
// Beside an id that may go, the others keep more.
const LEAST_BESIDE_ID = 16

/** A column of the table: its place among all of them, and its width. */
export type Fitted = {
  column: Column
  at: number
  width: number
  /** Whether there are ids in it. */
  hasIds: boolean
  /** Whether no row says anything there. */
  isEmpty: boolean
}

/** Whether it is an id: a part of one names nothing, and looks as if it did. */
export const isId = (cell: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(cell)

// A state of which the marks are cut off says less than one that is not there.
const mayGive = ({ column: { whole, marks = [] }, hasIds }: Fitted): boolean =>
  whole !== true && !hasIds && marks.length === 0

// Beside what is shorter to type on, a long name leaves half of the room to the rest.
const halved = (fitted: readonly Fitted[], columns: number): readonly Fitted[] => {
  const first = fitted.findIndex(({ column }) => column.whole)
  return fitted.map((one, at) =>
    one.column.whole && !one.hasIds && at > first
      ? { ...one, width: Math.min(one.width, Math.max(LEAST_NAME, Math.floor(columns / 2))) }
      : one,
  )
}

// Takes columns off the widest until the row fits, never below what still says something. Where that is
// not enough ids go that nobody types on, then what says least, then the last ones: what people type on
// stays, and stays whole.
const shrink = (fitted: readonly Fitted[], columns: number): readonly Fitted[] => {
  const widths = fitted.map(({ width }) => width)
  const total = (): number => widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1))
  const idToGo = fitted.findLastIndex(({ column, hasIds }) => hasIds && !column.whole)
  const least = idToGo < 0 ? LEAST : LEAST_BESIDE_ID
  while (total() > columns) {
    const giving = fitted.map((one, at) => (mayGive(one) ? (widths[at] ?? 0) : 0))
    const widest = Math.max(...giving)
    if (widest <= least) break
    const at = giving.indexOf(widest)
    widths[at] = Math.max(least, widest - (total() - columns), Math.floor(widest * 0.9))
  }
  const goes = [
    idToGo,
    fitted.findLastIndex(({ column }) => column.minor),
    fitted.findLastIndex(({ column }) => !column.whole),
  ].find((at) => at > 0)
  if (total() > columns && goes !== undefined) return shrink(fitted.toSpliced(goes, 1), columns)
  return fitted.map((one, at) => ({ ...one, width: widths[at] ?? 0 }))
}

const widthOfAll = (fitted: readonly Fitted[]): number =>
  fitted.reduce((sum, { width }) => sum + width, GAP * (fitted.length - 1))

// Columns in which no row says anything make room first.
const withoutSilent = (fitted: readonly Fitted[], columns: number): readonly Fitted[] => {
  const silent = fitted.findLastIndex(({ isEmpty }) => isEmpty)
  return widthOfAll(fitted) <= columns || silent <= 0
    ? fitted
    : withoutSilent(fitted.toSpliced(silent, 1), columns)
}

// Only what people type on, and the first of the others, which tells how it stands.
const tightened = (fitted: readonly Fitted[], columns: number): readonly Fitted[] => {
  const first = fitted.findIndex(({ column }) => !column.whole)
  const kept = fitted.filter(({ column }, at) => column.whole || at === first)
  const name = kept.findLastIndex(({ column, hasIds }, at) => at > 0 && column.whole && !hasIds)
  const room = columns - widthOfAll(kept) + (kept[name]?.width ?? 0)
  return kept.map((one, at) =>
    at === name ? { ...one, width: Math.max(LEAST_NAME_BESIDE_STATE, room) } : one,
  )
}

/** The columns that fit, each with its width; null where a row would tell no more than its name. */
export const fitColumns = (
  natural: readonly Fitted[],
  columns: number,
): readonly Fitted[] | null => {
  if (widthOfAll(natural) <= columns) return natural
  const said = withoutSilent(natural, columns)
  if (widthOfAll(said) <= columns) return said
  const tells = (fitted: readonly Fitted[]): boolean =>
    widthOfAll(fitted) <= columns && fitted.some(({ column }) => !column.whole)
  return (
    [shrink(halved(said, columns), columns), tightened(said, columns)].find((one) => tells(one)) ??
    null
  )
}
