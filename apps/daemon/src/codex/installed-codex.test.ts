import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { host } from '../../test/bench.ts'
import { makeInstalledCodex } from './installed-codex.ts'
import { identify } from './process-identity.ts'
import type { ServerRecord } from './server-record.ts'

const makePlace = () => {
  const path = mkdtempSync(join(tmpdir(), 'dispatch-installed-'))
  const binary = join(path, 'codex')
  const asked = join(path, 'asked')
  const codexHome = join(path, 'home')
  mkdirSync(codexHome)
  writeFileSync(asked, '')
  const install = (version: string): void => {
    const lines = ['#!/bin/sh', `echo "$*" >> ${asked}`, `echo "codex-cli ${version}"`, '']
    writeFileSync(binary, lines.join('\n'))
    chmodSync(binary, 0o755)
  }
  let record: ServerRecord | null = null
  const installed = makeInstalledCodex({
    // Whoever has its pid lives, and is itself.
    host: host({ env: { DISPATCH_CODEX: binary }, kill: () => undefined }),
    records: { get: () => record, set: () => undefined },
    codexHome,
    connection: 'own',
    from: join(path, 'here.js'),
    defaultCodexHome: false,
  })
  return {
    install,
    installed,
    timesAsked: () => readFileSync(asked, 'utf8').split('\n').length - 1,
    serve: () => {
      record = { ...identify(process.pid), socket: '/s', binary, codexHome }
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

it('does not ask a Codex for its version that is about to be started, and says it itself', async () => {
  using place = makePlace()
  place.install('1.0.0')
  await place.installed.look()
  expect(place.timesAsked()).toBe(0)
  expect(place.installed.differsFrom('1.0.0')).toBe(false)
  place.installed.started('1.0.0')
  place.serve()
  await place.installed.look()
  expect(place.timesAsked()).toBe(0)
  expect(place.installed.differsFrom('1.0.0')).toBe(false)
})

it('asks one for it beside which an App Server runs, once, and again after an upgrade', async () => {
  using place = makePlace()
  place.install('1.0.0')
  place.serve()
  await place.installed.look()
  await place.installed.look()
  expect(place.timesAsked()).toBe(1)
  expect(place.installed.differsFrom('1.0.0')).toBe(false)
  place.install('1.0.1-beta')
  await place.installed.look()
  expect(place.timesAsked()).toBe(2)
  expect(place.installed.differsFrom('1.0.0')).toBe(true)
})
