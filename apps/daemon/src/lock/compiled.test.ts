import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { prepareCompiled } from './compiled.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'compiled-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const warn = vi.fn<() => void>()
const prepare = (made: string): string => {
  const folder = join(home, 'compiled')
  prepareCompiled({ folder, uid: userInfo().uid, made, log: { warn } })
  return folder
}

const compile = (folder: string): void => {
  mkdirSync(join(folder, 'v24'))
  writeFileSync(join(folder, 'v24', 'code'), 'code')
}

it('makes a folder that nobody else can look into', () => {
  expect(statSync(prepare('1')).mode & 0o777).toBe(0o700)
})

it('keeps what is of the same program, and clears what is of another', () => {
  const folder = prepare('1')
  compile(folder)
  prepare('1')
  expect(readdirSync(folder).sort()).toEqual(['made-for', 'v24'])
  prepare('2')
  expect(readdirSync(folder)).toEqual(['made-for'])
  compile(folder)
  prepare('2')
  expect(readdirSync(join(folder, 'v24'))).toEqual(['code'])
})

it.each([
  ['a file', (path: string) => writeFileSync(path, 'a file')],
  ['a link', (path: string) => symlinkSync(home, path)],
])('says that %s is in its place, and leaves everything', (_what, put) => {
  put(join(home, 'compiled'))
  const before = readdirSync(home)
  warn.mockClear()
  prepare('1')
  expect(warn).toHaveBeenCalledOnce()
  expect(readdirSync(home)).toEqual(before)
})
