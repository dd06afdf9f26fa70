import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { host } from '../../test/bench.ts'
import { findCodex } from './codex-binary.ts'

const makeFolder = () => {
  const path = mkdtempSync(join(tmpdir(), 'dispatch-codex-'))
  const program = (folder: string, mode = 0o755): string => {
    const file = join(path, folder, 'codex')
    mkdirSync(join(path, folder), { recursive: true })
    writeFileSync(file, '#!/bin/sh\n')
    chmodSync(file, mode)
    return file
  }
  const find = (env: Record<string, string>) => findCodex(host({ env }), join(path, 'here.js'))
  return {
    path,
    program,
    find,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

describe('the search for codex', () => {
  it('takes what is named, and nothing else then', () => {
    using folder = makeFolder()
    const named = folder.program('named')
    const PATH = join(folder.program('bin'), '..')
    expect(folder.find({ DISPATCH_CODEX: named, PATH })).toEqual({ binary: named })
    const missing = join(folder.path, 'none')
    expect(folder.find({ DISPATCH_CODEX: missing, PATH })).toEqual({
      missing: expect.stringContaining(missing),
    })
    expect(folder.find({ DISPATCH_CODEX: folder.path, PATH })).toHaveProperty('missing')
  })

  it('takes the first of PATH that can be run, absolute folders only', () => {
    using folder = makeFolder()
    folder.program('plain', 0o644)
    mkdirSync(join(folder.path, 'folder/codex'), { recursive: true })
    const first = folder.program('first')
    folder.program('second')
    const PATH = ['', 'bin', ...['none', 'plain', 'folder', 'first', 'second'].map(at)].join(':')
    function at(name: string): string {
      return join(folder.path, name)
    }
    expect(folder.find({ PATH })).toEqual({ binary: first })
  })

  it('says so where there is none', () => {
    using folder = makeFolder()
    expect(folder.find({})).toEqual({ missing: expect.stringContaining('PATH') })
  })

  it('takes the installed package at last', () => {
    using folder = makeFolder()
    const found = findCodex(host({ env: { PATH: folder.path } }), import.meta.filename)
    const expected = { binary: expect.stringMatching(/codex$/) }
    expect('binary' in found ? found : expected).toEqual(expected)
  })
})
