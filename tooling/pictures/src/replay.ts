// Plays again what a program wrote, in an emulated terminal: the screen at its end, or as it changed.
import type { ScreenSize, Write } from '@dispatch/e2e'
import xterm from '@xterm/headless'
import { type Row, rowsOf } from './cells.ts'

/** A screen, and when it was seen: milliseconds since the start. */
export type Frame = { at: number; rows: Row[] }

/** What is written closer together than that is one frame: faster is not read, and each one weighs. */
const FRAME_MS = 250

const makeTerminal = ({ columns, rows }: ScreenSize) => {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  return {
    write: (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve)),
    rows: () => rowsOf(terminal),
    [Symbol.dispose]: () => terminal.dispose(),
  }
}

/** The screen after all of it. */
export const lastScreen = async (writes: readonly Write[], size: ScreenSize): Promise<Row[]> => {
  using terminal = makeTerminal(size)
  await terminal.write(writes.map(({ text }) => text).join(''))
  return terminal.rows()
}

/** The screens that were seen, one after the other. */
export const framesOf = async (writes: readonly Write[], size: ScreenSize): Promise<Frame[]> => {
  using terminal = makeTerminal(size)
  const frames: Frame[] = []
  for (const [index, { at, text }] of writes.entries()) {
    await terminal.write(text)
    const next = writes[index + 1]
    const due = (frames.at(-1)?.at ?? 0) + FRAME_MS
    if (next === undefined || Math.min(at + FRAME_MS, next.at) >= due) {
      frames.push({ at, rows: terminal.rows() })
    }
  }
  return frames
}
