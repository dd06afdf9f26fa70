import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isRepository } from '../src/repository.ts'

it('a repository has a HEAD, or says where it is; an empty .git holds a place and is none', () => {
  const root = mkdtempSync(join(tmpdir(), 'dspc-'))
  const make = (name: string): string => {
    const folder = join(root, name)
    mkdirSync(folder)
    return folder
  }
  try {
    const [plain, empty, file, whole, worktree] = ['a', 'b', 'c', 'd', 'e'].map(make)
    if (!plain || !empty || !file || !whole || !worktree) throw new Error('not made')
    mkdirSync(join(empty, '.git'))
    writeFileSync(join(file, '.git'), '')
    mkdirSync(join(whole, '.git'))
    writeFileSync(join(whole, '.git', 'HEAD'), 'ref: refs/heads/main\n')
    writeFileSync(join(worktree, '.git'), 'gitdir: ../d/.git\n')
    const found = [plain, empty, file, whole, worktree].map(isRepository)
    expect(found).toEqual([false, false, false, true, true])
  } finally {
    rmSync(root, { recursive: true })
  }
})
