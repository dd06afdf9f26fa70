import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { resolveCodexBinary } from '@dispatch/codex-client/binary'
import { describe, expect, it } from 'vitest'

import { generateProtocol } from '../src/generate.ts'

async function makeOwner() {
  const root = await mkdtemp(join(tmpdir(), 'protocol-test-'))
  return {
    root,
    generation: {
      binary: resolveCodexBinary(import.meta.filename),
      stamp: 'one\n',
      target: join(root, 'src/generated'),
      scratch: join(root, 'scratch'),
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

describe('generateProtocol', () => {
  it('makes modules whose every import is there', { timeout: 30_000 }, async () => {
    await using owner = await makeOwner()
    expect(await generateProtocol(owner.generation)).toBe(true)
    const entries = await readdir(owner.generation.target, { recursive: true, withFileTypes: true })
    const modules = entries.filter(({ name }) => name.endsWith('.ts'))
    expect(modules.length).toBeGreaterThan(500)
    const missing: string[] = []
    let imports = 0
    for (const { parentPath, name } of modules) {
      const path = join(parentPath, name)
      for (const [, specifier = ''] of (await readFile(path, 'utf8')).matchAll(/from "([^"]+)"/g)) {
        imports += 1
        if (!existsSync(join(dirname(path), specifier)) || !specifier.endsWith('.ts')) {
          missing.push(`${path}: ${specifier}`)
        }
      }
    }
    expect(imports).toBeGreaterThan(1000)
    expect(missing).toEqual([])
    expect(await readdir(owner.generation.scratch)).toEqual([])
  })

  it('leaves what fits alone and replaces what does not', { timeout: 30_000 }, async () => {
    await using owner = await makeOwner()
    const { generation } = owner
    const made = async () => (await stat(join(generation.target, 'index.ts'))).ino
    await generateProtocol(generation)
    const first = await made()
    expect(await generateProtocol(generation)).toBe(false)
    expect(await made()).toBe(first)
    expect(await generateProtocol({ ...generation, stamp: 'two\n' })).toBe(true)
    expect(await readFile(join(generation.target, 'stamp.json'), 'utf8')).toBe('two\n')
  })

  it('may run several times at once', { timeout: 30_000 }, async () => {
    await using owner = await makeOwner()
    const { generation } = owner
    await Promise.all([1, 2, 3].map(() => generateProtocol(generation)))
    expect(await generateProtocol(generation)).toBe(false)
    expect(existsSync(join(generation.target, 'v2/index.ts'))).toBe(true)
    expect(await readdir(generation.scratch)).toEqual([])
  })

  it('keeps what is there when Codex fails', { timeout: 30_000 }, async () => {
    await using owner = await makeOwner()
    const { generation } = owner
    await generateProtocol(generation)
    const broken = generateProtocol({ ...generation, binary: '/bin/false', stamp: 'two\n' })
    await expect(broken).rejects.toThrow('/bin/false')
    expect(await generateProtocol(generation)).toBe(false)
  })
})
