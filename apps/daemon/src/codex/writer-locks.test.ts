import { describe, expect, it } from 'vitest'
import { deviceOf, holderToText, locksOf, makeWriterLocks } from './writer-locks.ts'

describe('writer locks', () => {
  it('takes the exclusive whole-file locks, and none of a file range or of a waiter', () => {
    const text = [
      '1: FLOCK  ADVISORY  WRITE 10188 fe:00:2147666 0 EOF',
      '1: -> FLOCK  ADVISORY  WRITE 10189 fe:00:2147666 0 EOF',
      '2: POSIX  ADVISORY  READ 9923 fe:00:2147714 128 128',
      '3: FLOCK  ADVISORY  READ 9 fe:00:3 0 EOF',
      '4: FLOCK  ADVISORY  WRITE -1 00:2B:77 0 EOF',
      '',
    ].join('\n')
    expect(locksOf(text)).toEqual([
      { pid: 10188, device: 'fe:00', inode: '2147666' },
      { pid: 0, device: '00:2b', inode: '77' },
    ])
  })

  it('writes a device as the kernel does', () => {
    expect(deviceOf(65024n)).toBe('fe:00')
    expect(deviceOf(43n)).toBe('00:2b')
    expect(deviceOf(0x10300102n)).toBe('01:10302')
  })

  it('knows of no holder where there is no lock file', async () => {
    const locks = makeWriterLocks({ codexHome: '/nowhere', ownPid: () => null })
    const threadId = '01a1fb5b-0000-7000-8000-000000000000'
    expect(locks.elsewhere(threadId)).toBeNull()
    expect(await locks.allElsewhere([threadId])).toEqual(new Map())
  })

  it('names what is known of a holder', () => {
    expect(holderToText({ pid: 7, command: 'codex' })).toBe('process 7 (codex)')
    expect(holderToText({ pid: 7, command: null })).toBe('process 7')
    expect(holderToText({ pid: 0, command: null })).toContain('cannot see')
  })
})
