import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { acquireLock } from '../../src/lock/lock.ts'
import { makeTestDirectory } from '../serve/listening.ts'

const startHolder = async (path: string) => {
  const file = join(import.meta.dirname, 'holder.ts')
  const child = spawn(process.execPath, [file, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [said] = await once(child.stdout, 'data')
  return { child, said: String(said).trim() }
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

test('of many racers exactly one holds; a killed holder frees the lock at once', async () => {
  using directory = makeTestDirectory()
  const path = join(directory.path, 'registry.db.lock')
  const racers = await Promise.all(Array.from({ length: 8 }, () => startHolder(path)))
  const holders = racers.filter(({ said }) => said === 'held')
  expect(holders).toHaveLength(1)
  expect(acquireLock(path)).toBeNull()
  await Promise.all(racers.map(({ child }) => end(child, 'SIGKILL')))
  using lock = acquireLock(path)
  expect(lock).not.toBeNull()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a stopped holder still holds, a disposed one does not', async () => {
  using directory = makeTestDirectory()
  const path = join(directory.path, 'registry.db.lock')
  const { child } = await startHolder(path)
  child.kill('SIGSTOP')
  expect(acquireLock(path)).toBeNull()
  await end(child, 'SIGKILL')
  const lock = acquireLock(path)
  expect((await startHolder(path)).said).toBe('refused')
  lock?.[Symbol.dispose]()
  const next = await startHolder(path)
  expect(next.said).toBe('held')
  await end(next.child, 'SIGKILL')
})

test('what is no lock file is a fault, not a refusal', () => {
  using directory = makeTestDirectory()
  expect(() => acquireLock(directory.path)).toThrow()
})
