import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeKeptSource } from './kept-source.ts'
import { globalPlaceOf, readSource } from './read-source.ts'

let home = ''
let reads = 0
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dsp-kept-'))
  reads = 0
})
afterEach(() => rmSync(home, { recursive: true }))

const keeping = (now: () => number) => {
  const place = globalPlaceOf(home)
  const read = () => {
    reads += 1
    return readSource(place, process.getuid?.() ?? 0)
  }
  return makeKeptSource(place.path, { read, now })
}

const write = (text: string): void => writeFileSync(join(home, 'config.toml'), text)
const HOUR_MS = 3_600_000

it('reads a file that has long been as it is once, and again when it is another', () => {
  write('[index]\nenabled = false\n')
  const found = keeping(() => Date.now() + HOUR_MS)
  for (let time = 0; time < 3; time += 1) {
    expect(found()).toMatchObject({ daemon: { index: { enabled: false } } })
  }
  expect(reads).toBe(1)
  // As long as before, and with the time that it had.
  write('[index]\nenabled = true \n')
  utimesSync(join(home, 'config.toml'), 1, 1)
  expect(found()).toMatchObject({ daemon: { index: { enabled: true } } })
  expect(reads).toBe(2)
})

it('reads one that was changed a moment ago each time', () => {
  write('[index]\nenabled = false\n')
  const found = keeping(() => Date.now())
  found()
  found()
  expect(reads).toBe(2)
})

it('tells of one that cannot be read, of none, and of one that came', () => {
  const found = keeping(() => Date.now() + HOUR_MS)
  expect([found(), found()]).toMatchObject([{ source: undefined }, { source: undefined }])
  expect(reads).toBe(1)
  write('[codec]\n')
  expect(found()).toHaveProperty('problem.code', 'validation')
  rmSync(join(home, 'config.toml'))
  expect(found()).toMatchObject({ source: undefined, daemon: { index: { enabled: true } } })
})
