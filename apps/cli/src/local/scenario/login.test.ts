import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lendLogin } from './login.ts'

const makeHomes = () => {
  const root = mkdtempSync(join(tmpdir(), 'dsp-login-'))
  const own = join(root, 'auth.json')
  writeFileSync(own, 'old')
  chmodSync(own, 0o640)
  return {
    own,
    copy: join(root, 'codex/auth.json'),
    lend: () => lendLogin({ env: { CODEX_HOME: root }, homedir: () => root }, join(root, 'codex')),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  }
}

const modeOf = (file: string) => statSync(file).mode & 0o777

test('is a private copy, gone at the end; the own file is left alone', async () => {
  using homes = makeHomes()
  {
    await using _login = await homes.lend()
    expect([readFileSync(homes.copy, 'utf8'), modeOf(homes.copy)]).toEqual(['old', 0o600])
  }
  expect(existsSync(homes.copy)).toBe(false)
  expect([readFileSync(homes.own, 'utf8'), modeOf(homes.own)]).toEqual(['old', 0o640])
})

test('is handed back when Codex renewed it: the token of the own one works no more', async () => {
  using homes = makeHomes()
  {
    await using _login = await homes.lend()
    writeFileSync(homes.copy, 'new')
  }
  expect(existsSync(homes.copy)).toBe(false)
  expect([readFileSync(homes.own, 'utf8'), modeOf(homes.own)]).toEqual(['new', 0o600])
})

test.each([
  ['renewed', (file: string) => writeFileSync(file, 'own'), 'own'],
  ['removed', (file: string) => rmSync(file), null],
])('is not handed back where the own one was %s meanwhile', async (_how, change, left) => {
  using homes = makeHomes()
  {
    await using _login = await homes.lend()
    writeFileSync(homes.copy, 'new')
    change(homes.own)
  }
  expect(existsSync(homes.own) ? readFileSync(homes.own, 'utf8') : null).toBe(left)
})

test('that is not there is said, and nothing is made', async () => {
  using homes = makeHomes()
  rmSync(homes.own)
  await expect(homes.lend()).rejects.toMatchObject({ code: 'validation' })
  expect(existsSync(homes.copy)).toBe(false)
})
