/** Starts the program as a daemon would: by its path, with its home and scenario in the environment. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fakeCodexPath } from '../src/index.ts'

export function spawnFake(variables: Record<string, string>, args: string[]) {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  const child = spawn('env', [...assignments, fakeCodexPath, ...args], { stdio: 'pipe' })
  child.stdin.on('error', () => {})
  const ended = once(child, 'close') as Promise<[number | null, string | null]>
  return { child, ended }
}
