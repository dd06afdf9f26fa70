import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SOCKET_PATH_MAX } from '@dispatch/contract/home'
import { describe, expect, it } from 'vitest'
import { host } from '../../test/bench.ts'
import { codexSocketPath } from './socket-path.ts'

const makeFolder = () => {
  const path = mkdtempSync(join(tmpdir(), 'dsp-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
const long = `/home/${'ä'.repeat(60)}`

describe('the socket of the app-server', () => {
  it('is in the home where its path is short enough', () => {
    expect(codexSocketPath(host(), '/home/a/.dispatch')).toBe('/home/a/.dispatch/codex.sock')
  })

  it.each(['tmpdir', 'runtime'])('is in a private short place else (%s)', (kind) => {
    using folder = makeFolder()
    const { path } = folder
    const here = host(kind === 'tmpdir' ? { tmpdir: path } : { env: { XDG_RUNTIME_DIR: path } })
    const socket = codexSocketPath(here, long)
    expect(socket.startsWith(`${path}/`)).toBe(true)
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(SOCKET_PATH_MAX)
    expect(statSync(join(socket, '..')).mode & 0o777).toBe(0o700)
    expect(codexSocketPath(here, long)).toBe(socket)
    expect(codexSocketPath(here, `${long}/other`)).not.toBe(socket)
  })

  it('takes no place that others can reach, nor a link', () => {
    using folder = makeFolder()
    const here = host({ tmpdir: folder.path })
    const place = join(codexSocketPath(here, long), '..')
    chmodSync(place, 0o755)
    expect(() => codexSocketPath(here, long)).toThrow('not a private folder')
    rmSync(place, { recursive: true })
    symlinkSync(folder.path, place)
    expect(() => codexSocketPath(here, long)).toThrow('not a private folder')
  })

  it('takes no runtime folder that is not absolute', () => {
    using folder = makeFolder()
    const here = host({ tmpdir: folder.path, env: { XDG_RUNTIME_DIR: 'run' } })
    expect(codexSocketPath(here, long).startsWith(folder.path)).toBe(true)
  })
})
