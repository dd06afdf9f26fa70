import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { host } from '../../test/bench.ts'
import { identify, isAlive } from './process-identity.ts'

const linux = process.platform === 'linux'
const here = host()

describe('the identity of a process', () => {
  it('is this one', () => {
    const identity = identify(process.pid)
    expect(identity.pid).toBe(process.pid)
    if (linux) expect(identity.startedAt).toBeGreaterThan(0)
    expect(isAlive(here, identity)).toBe(true)
  })

  it.runIf(linux)('is not that of an earlier process with the same number', () => {
    const { pid, startedAt } = identify(process.pid)
    expect(isAlive(here, { pid, startedAt: (startedAt ?? 0) - 1 })).toBe(false)
  })

  it('is the pid alone where the start is not known', () => {
    expect(isAlive(here, { pid: process.pid, startedAt: null })).toBe(true)
  })

  it('is gone with its process', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'])
    const identity = identify(child.pid ?? 0)
    expect(isAlive(here, identity)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(isAlive(here, identity)).toBe(false)
    expect(identify(identity.pid).startedAt).toBeNull()
  })

  it('lives though it may not be signalled', () => {
    const refusing = host({
      kill: () => {
        throw Object.assign(new Error('no'), { code: 'EPERM' })
      },
    })
    expect(isAlive(refusing, identify(process.pid))).toBe(true)
  })
})
