// Keeps the processors from sleeping while something short is measured. Between two calls that follow
// each other both sides wait some tens of microseconds; a virtual processor that goes to sleep then takes
// longer to wake up than the call does, which says nothing of either side.
import { spawn } from 'node:child_process'
import { availableParallelism, constants, setPriority } from 'node:os'

// Ends by itself where the bench was killed.
const SPIN = 'const { ppid } = process; while (process.ppid === ppid);'

/** Spins on every processor, at the lowest priority, until it is disposed. */
export const keepAwake = (): Disposable => {
  const spinning = Array.from({ length: availableParallelism() }, () => {
    const child = spawn(process.execPath, ['-e', SPIN], { stdio: 'ignore' })
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
    return child
  })
  return { [Symbol.dispose]: () => spinning.forEach((child) => child.kill('SIGKILL')) }
}
