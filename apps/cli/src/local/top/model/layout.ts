// How the rows of the screen are shared out: what is drawn and what scrolls go by the same numbers. Pure.
import type { Size, TopState } from './state.ts'

/** Rows that every screen has: head, tabs, notice, keys. */
const FRAME_ROWS = 4
/** What is too small to say anything in. */
export const LEAST: Size = { columns: 40, rows: 10 }
/** Rows above the text of an open lane: what it is, what is with it, a rule. */
const LANE_HEAD_ROWS = 3

/** Rows between the tabs and the notice. */
export const bodyRows = ({ size }: TopState): number => Math.max(0, size.rows - FRAME_ROWS)

/** Rows of the text of an open lane. */
export const transcriptHeight = (state: TopState): number =>
  Math.max(1, bodyRows(state) - LANE_HEAD_ROWS)

/** Rows of the list, its titles and its edge apart. Requests leave most of the room to what is asked. */
export const listHeight = (state: TopState, count: number): number => {
  const most = bodyRows(state) - 1
  if (state.view !== 'requests') return Math.max(1, count > most ? most - 1 : most)
  return Math.max(1, Math.min(count, Math.floor(most * 0.35)))
}

/** Rows that say what of the list is out of sight: one, or none where all of it is seen. */
const edgeRows = (state: TopState, count: number): number =>
  count > listHeight(state, count) ? 1 : 0

/** Rows of what is asked, below the list of requests and a rule. */
export const requestHeight = (state: TopState, count: number): number =>
  Math.max(1, bodyRows(state) - 2 - listHeight(state, count) - edgeRows(state, count))

/** The first of `count` rows that are shown, so that the one at `place` is in the middle. */
export const firstShown = (
  place: number,
  { count, height }: { count: number; height: number },
): number => Math.max(0, Math.min(place - Math.floor(height / 2), count - height))
