// Stops a process, and knows that it is: a signal takes effect when the other process is scheduled next,
// thread by thread, and until then it may still answer.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const isStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((task) =>
    /^State:\s+T/m.test(readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')),
  )

/** Sends SIGSTOP and waits until every thread of the process stands still. */
export const freeze = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGSTOP')
  while (!isStopped(pid)) await pause(5)
}
