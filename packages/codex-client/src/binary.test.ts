import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { makeTempDir } from '../test/websocket-server.ts'
import { nativeCodexBinary, resolveCodexBinary } from './binary.ts'
import { CodexBinaryError } from './errors.ts'

const shim = createRequire(import.meta.url).resolve('@openai/codex/bin/codex.js')

describe('the native executable', () => {
  it('is found behind the package and behind its shim', () => {
    const binary = resolveCodexBinary(import.meta.filename)
    expect(binary).toMatch(/\/vendor\/[^/]+\/bin\/codex$/)
    expect(nativeCodexBinary(shim)).toBe(binary)
  })

  it('is found behind a link to the shim, as npm installs it', async () => {
    await using dir = await makeTempDir()
    const link = join(dir.path, 'codex')
    await symlink(shim, link)
    expect(nativeCodexBinary(link)).toBe(resolveCodexBinary(import.meta.filename))
  })

  it('is the command itself when that is no shim', async () => {
    await using dir = await makeTempDir()
    const own = join(dir.path, 'codex')
    await writeFile(own, '')
    expect(nativeCodexBinary(own)).toBe(own)
  })

  it('is missed with a reason', async () => {
    await using dir = await makeTempDir()
    const from = join(dir.path, 'module.js')
    expect(() => resolveCodexBinary(from)).toThrow(CodexBinaryError)
    const scope = join(dir.path, 'node_modules/@openai')
    const empty = join(scope, 'codex/bin')
    const part = join(scope, `codex-${platform()}-${arch()}`)
    for (const folder of [empty, part]) await mkdir(folder, { recursive: true })
    await writeFile(join(empty, 'codex.js'), '')
    await writeFile(join(part, 'package.json'), '{}')
    expect(() => resolveCodexBinary(from)).toThrow('has no executable')
    expect(nativeCodexBinary(join(empty, 'codex.js'))).toBe(join(empty, 'codex.js'))
  })
})
