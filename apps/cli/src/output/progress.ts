// Shows on a terminal's stderr that long work goes on, from its second second on, and wipes it: by
// blanks, so that no escape sequence is needed, and not at all where the terminal has no way back.
import type { Io } from '../io.ts'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Of a Ctrl-C the terminal shows as much behind it. */
const CARET = 2

/** Shows progress until the returned function is called. */
export const showProgress = (label: string, io: Io): (() => void) => {
  if (!io.terminal.stderr || io.env.TERM === 'dumb') return () => undefined
  const start = io.now()
  let frame = 0
  let shown = 0
  const stop = io.every(120, () => {
    const seconds = Math.floor((io.now() - start) / 1_000)
    if (seconds < 1) return
    frame += 1
    const text = `${frames[frame % frames.length]} ${label} ${seconds}s`
    shown = text.length
    io.writeError(`\r${text}`)
  })
  return () => {
    stop()
    if (shown > 0) io.writeError(`\r${' '.repeat(shown + CARET)}\r`)
  }
}
