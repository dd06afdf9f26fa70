// Pictures of a screen: as it stands, or as it changed. What moves does so by CSS alone; whoever wants no
// motion, or cannot show it, sees the end. Each row is a strip of what stood in it, one below the other,
// behind a window of one row: so a text is in the file once, however long it stands there. Pure.
import { isBlank, type Row } from './cells.ts'
import { atRow, CELL, pictureMarkup, rowMarkup } from './markup.ts'
import type { Frame } from './replay.ts'

type Shown = { title: string; columns: number }

const lastUsed = (rows: readonly Row[]): number => rows.findLastIndex((row) => !isBlank(row)) + 1

/** A screen as it stands, without the empty rows at its end. */
export const makeStill = (rows: readonly Row[], shown: Shown): string =>
  pictureMarkup({
    ...shown,
    rows: lastUsed(rows),
    body: rows.map((row, at) => atRow(at, rowMarkup(row))).join(''),
  })

/** How long the end stands before it begins again. */
const HOLD_MS = 6_000

type Key = { at: number; rowsUp: number }

const upBy = (rows: number): string => `transform:translateY(${-rows * CELL.height}px)`

// Keyframes of what jumps up, and the rule that plays them; at rest it is where it ends.
const motion = (name: string, keys: readonly Key[], total: number): string => {
  const end = keys.at(-1)?.rowsUp ?? 0
  if (keys.every(({ rowsUp }) => rowsUp === end)) return end === 0 ? '' : `#${name}{${upBy(end)}}`
  const frames = keys.map(({ at, rowsUp }) => {
    const percent = Math.round((at / total) * 1_000) / 10
    return `${percent}%{${upBy(rowsUp)}}`
  })
  return `#${name}{${upBy(end)};animation:${name} ${Math.round(total / 100) / 10}s step-end infinite}@keyframes ${name}{${frames.join('')}}`
}

const changesOf = (frames: readonly Frame[], rowsUpAt: (frame: Frame) => number): Key[] => {
  const keys = [{ at: 0, rowsUp: 0 }]
  for (const frame of frames) {
    const rowsUp = rowsUpAt(frame)
    if (rowsUp !== keys.at(-1)?.rowsUp) keys.push({ at: frame.at, rowsUp })
  }
  return keys
}

type Strip = { markup: string; style: string }

const stripOf = (frames: readonly Frame[], row: number, total: number): Strip => {
  const markups = frames.map(({ rows }) => rowMarkup(rows[row] ?? { runs: [], shades: [] }))
  const distinct = [...new Set(['', ...markups])]
  if (distinct.length === 1) return { markup: '', style: '' }
  const name = `r${row}`
  const texts = distinct.map((markup, at) => atRow(at, markup)).join('')
  let index = 0
  const keys = changesOf(frames, () => distinct.indexOf(markups[index++] ?? ''))
  return {
    markup: `<svg y="${row * CELL.height}" height="${CELL.height}"><g id="${name}">${texts}</g></svg>`,
    style: motion(name, keys, total),
  }
}

/** A film of `rows` rows that goes down with what is written. */
export const makeFilm = (
  frames: readonly Frame[],
  { rows, ...shown }: Shown & { rows: number },
): string => {
  const total = (frames.at(-1)?.at ?? 0) + HOLD_MS
  const tallest = Math.max(0, ...frames.map((frame) => frame.rows.length))
  const strips = Array.from({ length: tallest }, (_, row) => stripOf(frames, row, total))
  const camera = changesOf(frames, (frame) => Math.max(0, lastUsed(frame.rows) - rows))
  return pictureMarkup({
    ...shown,
    rows,
    body: `<g id="camera">${strips.map(({ markup }) => markup).join('')}</g>`,
    style: `${strips.map(({ style }) => style).join('')}${motion('camera', camera, total)}@media(prefers-reduced-motion:reduce){g{animation:none!important}}`,
  })
}
