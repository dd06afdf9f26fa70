// Keeps the processors from sleeping while something short is measured. Between two calls that follow
// each other both sides wait some tens of microseconds; a virtual processor that goes to sleep then takes
// longer to wake up than the call does, which says nothing of either side.
import { spawn } from 'node:child_process'
import { availableParallelism, constants, setPriority } from 'node:os'

// Ends by itself where the bench was killed.
const SPIN = 'const { ppid } = process; while (process.ppid === ppid);'

/** Spins on every processor, at the lowest priority, until it is disposed. */
export const keepAwake = (): Disposable => {
  using made = new DisposableStack()
  for (let left = availableParallelism(); left > 0; left -= 1) {
    const child = spawn(process.execPath, ['-e', SPIN], { stdio: 'ignore' })
    made.defer(() => void child.kill('SIGKILL'))
    // What it says of a start that failed; that throws here.
    child.on('error', () => undefined)
    if (child.pid === undefined) throw new Error('nothing can be started to keep processors awake')
    setPriority(child.pid, constants.priority.PRIORITY_LOW)
  }
  return made.move()
}
