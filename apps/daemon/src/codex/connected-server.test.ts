import { expect, test } from 'vitest'
import { hostToServerEnv } from './connected-server.ts'

test('a server is told where the home is, and nothing else of dispatch', () => {
  const env = {
    PATH: '/bin',
    CODEX_HOME: '/c',
    DISPATCH_HOME: '/srv/home',
    DISPATCH_SOCKET: 'run/socket',
    DISPATCH_PIDFILE: '',
    DISPATCH_CODEX: '/opt/codex',
    DISPATCH_READY_FD: '3',
  }
  expect(hostToServerEnv({ env, cwd: '/work' })).toEqual({
    PATH: '/bin',
    CODEX_HOME: '/c',
    DISPATCH_HOME: '/srv/home',
    DISPATCH_SOCKET: '/work/run/socket',
  })
})
