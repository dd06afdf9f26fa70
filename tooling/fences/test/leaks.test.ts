import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findLeaks } from '../src/leaks.ts'

const makeFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'l-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const startSleeper = async (options: { cwd?: string; env?: NodeJS.ProcessEnv }) => {
  const child = spawn('sleep', ['600'], options)
  await once(child, 'spawn')
  return {
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close')
      child.kill('SIGKILL')
      await ended
    },
  }
}

it('finds a process by its environment, one by its directory, and a socket', async () => {
  await using folder = await makeFolder()
  await using marked = await startSleeper({ env: { ...process.env, MARK: folder.path } })
  await using inside = await startSleeper({ cwd: folder.path, env: { PATH: process.env['PATH'] } })
  await using other = await startSleeper({ env: { PATH: process.env['PATH'] } })
  const socket = join(folder.path, 's')
  await using server = createServer()
  server.listen(socket)
  await once(server, 'listening')

  const leaks = await findLeaks(folder.path)
  expect(leaks).toHaveLength(3)
  expect(leaks.join('\n')).toContain(`process ${marked.pid}: sleep 600`)
  expect(leaks.join('\n')).toContain(`process ${inside.pid}: sleep 600`)
  expect(leaks.join('\n')).toContain(`socket ${socket}`)
  expect(leaks.join('\n')).not.toContain(`process ${other.pid}:`)
})

it('finds nothing where nothing was left', async () => {
  await using folder = await makeFolder()
  expect(await findLeaks(folder.path)).toEqual([])
})
