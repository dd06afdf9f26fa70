// Shows on a terminal's stderr that long work goes on, from its second second on, and wipes it.
import type { Io } from '../io.ts'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Shows progress until the returned function is called. */
export const showProgress = (label: string, io: Io): (() => void) => {
  if (!io.terminal.stderr) return () => undefined
  const start = io.now()
  let frame = 0
  const stop = io.every(120, () => {
    const seconds = Math.floor((io.now() - start) / 1_000)
    if (seconds < 1) return
    frame += 1
    io.writeError(`\r${frames[frame % frames.length]} ${label} ${seconds}s\u001b[K`)
  })
  return () => {
    stop()
    if (frame > 0) io.writeError('\r\u001b[K')
  }
}
