import { describe, expect, it } from 'vitest'
import { fakeLink } from '../../test/bench.ts'
import { connectionsOf, isPossiblyShared } from './co-clients.ts'

const list = `Num       RefCount Protocol Flags    Type St Inode Path
000000008ec34218: 00000003 00000000 00000000 0001 03 1702144 /tmp/a.sock
00000000a99953e5: 00000003 00000000 00000000 0001 03 1702145 /tmp/a.sock
00000000a99953e6: 00000003 00000000 00000000 0001 03 1702146
00000000a99953e7: 00000003 00000000 00000000 0001 03 1702147 /tmp/b.sock
00000000610ad61c: 00000002 00000000 00010000 0001 01 1702141 /tmp/a.sock
`

describe('who else is on a server', () => {
  it('is counted by the connections that it accepted', () => {
    expect(connectionsOf(list, '/tmp/a.sock')).toBe(2)
    expect(connectionsOf(list, '/tmp/b.sock')).toBe(1)
    expect(connectionsOf('', '/tmp/a.sock')).toBe(0)
  })

  it('is nobody on a pipe, and may be anybody where nothing tells', () => {
    const status = (part: object) => ({ ...fakeLink(null).status(), ...part })
    const isShared = (part: object) => isPossiblyShared({ status: () => status(part) })
    expect(isShared({ connection: 'stdio', socket: null })).toBe(false)
    expect(isShared({ connection: 'shared' })).toBe(true)
    expect(isShared({ socket: '/nowhere/at/all.sock' })).toBe(true)
    expect(isShared({ socket: null })).toBe(true)
  })
})
