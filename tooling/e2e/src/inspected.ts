// A dispatchd under Node's inspector, which collects its garbage on request: what is left then is kept.
// What the process has of the system is more: an allocator gives back late what was freed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { follow, type Running } from './spawn.ts'
import type { World } from './world.ts'

/** Such a daemon. */
export type Inspected = AsyncDisposable & {
  readonly pid: number
  /** Bytes behind a full collection: what it keeps, and what it has of the system. */
  memory(): Promise<Memory>
}

/** What a process has in memory. */
export type Memory = { kept: number; resident: number }

const daemonFile = fileURLToPath(new URL('../../../apps/daemon/bin/dispatchd.mjs', import.meta.url))

const inspectorOf = async (running: Running): Promise<WebSocket> => {
  const url = /ws:\/\/\S+/.exec(running.errors())?.[0]
  if (url === undefined) throw new Error(`no inspector: ${running.errors()}`)
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  return socket
}

// Nobody tells a program beside the daemon when it has the home; before that, `up` would start another.
const untilItHasTheHome = async (world: World, { pid, ended, errors }: Running): Promise<void> => {
  let isOver = false
  void ended.then(() => (isOver = true))
  const file = join(world.home, 'dispatchd.pid')
  while (!existsSync(file) || Number.parseInt(readFileSync(file, 'utf8'), 10) !== pid) {
    if (isOver) throw new Error(`the daemon ended: ${errors()}`)
    await pause(20)
  }
}

/** Starts the daemon of a world so. */
export const startInspected = async (world: World): Promise<Inspected> => {
  const running = follow({
    command: process.execPath,
    args: ['--inspect=127.0.0.1:0', daemonFile, 'run'],
    env: world.env,
    cwd: world.work,
  })
  await untilItHasTheHome(world, running)
  await world.dispatch(['up'])
  const { pid } = running
  const socket = await inspectorOf(running)
  let calls = 0
  const ask = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve) => {
      calls += 1
      const id = calls
      const hear = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as { id?: number; result: unknown }
        if (answer.id !== id) return
        socket.removeEventListener('message', hear)
        resolve(answer.result)
      }
      socket.addEventListener('message', hear)
      socket.send(JSON.stringify({ id, method, params }))
    })
  return {
    pid,
    memory: async () => {
      // What the first one finalizes goes with the second.
      await ask('HeapProfiler.collectGarbage', {})
      await ask('HeapProfiler.collectGarbage', {})
      const expression = 'process.memoryUsage()'
      const { result } = (await ask('Runtime.evaluate', { expression, returnByValue: true })) as {
        result: { value: NodeJS.MemoryUsage }
      }
      const { heapUsed, external, rss } = result.value
      return { kept: heapUsed + external, resident: rss }
    },
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await world.dispatch(['down'])
      await running[Symbol.asyncDispose]()
    },
  }
}
