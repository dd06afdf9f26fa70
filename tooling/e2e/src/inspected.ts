// A dispatchd under Node's inspector, which collects its garbage on request: what is left then is kept.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { follow, type Running } from './spawn.ts'
import type { World } from './world.ts'

/** Such a daemon. */
export type Inspected = AsyncDisposable & {
  readonly pid: number
  /** Bytes that it has in memory behind a full collection. */
  memory(): Promise<number>
}

const daemonFile = fileURLToPath(new URL('../../../apps/daemon/bin/dispatchd.mjs', import.meta.url))

const residentOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024

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
  const collect = (): Promise<void> =>
    new Promise((resolve) => {
      calls += 1
      const id = calls
      const hear = ({ data }: MessageEvent): void => {
        if ((JSON.parse(String(data)) as { id?: number }).id !== id) return
        socket.removeEventListener('message', hear)
        resolve()
      }
      socket.addEventListener('message', hear)
      socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }))
    })
  return {
    pid,
    memory: async () => {
      // What the first one finalizes goes with the second.
      await collect()
      await collect()
      return residentOf(pid)
    },
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await world.dispatch(['down'])
      await running[Symbol.asyncDispose]()
    },
  }
}
