import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { statToActivity, watchActivity } from './activity.ts'

it('reads state and processor time behind any name', () => {
  const stat = '42 (a) b (c)) T 1 42 42 0 -1 4194304 100 0 0 0 17 5 0 0 20 0 1 0 99'
  expect(statToActivity(stat)).toEqual({ state: 'T', ticks: 22 })
})

// By processor time: a busy machine gives little of it in any time by the clock.
const useProcessor = (): void => {
  const before = process.cpuUsage()
  while (process.cpuUsage(before).user + process.cpuUsage(before).system < 60_000);
}

it.runIf(process.platform === 'linux')(
  'sees a process at work, and takes none that it cannot see for idle',
  () => {
    const hasWorked = watchActivity(process.pid)
    useProcessor()
    expect(hasWorked()).toBe(true)
    expect(watchActivity(null)()).toBe(true)
    expect(watchActivity(2 ** 30)()).toBe(true)
  },
)

it.runIf(process.platform === 'linux')('sees one that does nothing', async () => {
  const { pid } = spawn('sleep', ['60'])
  if (pid === undefined) throw new Error('no sleep on this machine')
  try {
    process.kill(pid, 'SIGSTOP')
    const stat = (): string => readFileSync(`/proc/${pid}/stat`, 'latin1')
    await vi.waitFor(() => expect(statToActivity(stat()).state).toBe('T'))
    const hasWorked = watchActivity(pid)
    useProcessor()
    expect(hasWorked()).toBe(false)
  } finally {
    process.kill(pid, 'SIGKILL')
  }
})
