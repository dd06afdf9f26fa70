import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readScenario } from './file.ts'

const makeFile = (text: string | Uint8Array) => {
  const folder = mkdtempSync(join(tmpdir(), 'dsp-file-'))
  const file = join(folder, 'a.toml')
  writeFileSync(file, text)
  return { file, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

const lane = '[[lanes]]\nalias = "a"\nprompt = "hi"\n'

test('every field of an older file is taken', () => {
  using written = makeFile(`name = "x"
description = "d"
timeout_seconds = 90
poll_seconds = 0.5
preferred_model = "m"
allow_model_fallback = true
effort = "low"
parallel = true

[[lanes]]
alias = "a"
name = "lane-a"
prompt = "hi"
expect_contains = "HI"
`)
  expect(readScenario(written.file)).toMatchObject({
    name: 'x',
    timeout_seconds: 90,
    lanes: [{ alias: 'a', name: 'lane-a', prompt: 'hi', expect_contains: 'HI' }],
  })
})

test.each([
  ['name = "x"', 'lanes is missing'],
  [`name = "x"\nlanes = []`, 'lanes must not be empty'],
  [lane, 'name is missing'],
  [`name = "x"\ncolour = "red"\n${lane}`, 'colour is no field here'],
  [`name = "x"\n${lane}expects = "y"\n`, 'lanes.0.expects is no field here'],
  [`name = "x"\n${lane}${lane}`, 'lanes must have an alias each that no other has'],
  [`name = "x"\n${lane}expect_outcome = "well"\n`, 'must be completed or failed, not "well"'],
  ['name = x', /a\.toml:1:8: /],
] as const)('%s: %s', (text, message) => {
  using written = makeFile(text)
  expect(() => readScenario(written.file)).toThrow(
    expect.objectContaining({
      code: 'validation',
      hint: `Edit ${written.file}.`,
      message:
        typeof message === 'string'
          ? expect.stringContaining(message)
          : (expect.stringMatching(message) as string),
    }),
  )
})

test('a file that is none, or no text, is refused', () => {
  using written = makeFile(new Uint8Array([0xff, 0xfe, 0x00]))
  expect(() => readScenario(written.file)).toThrow('it is not UTF-8 text')
  const hint = expect.stringContaining('dispatch scenario --help') as string
  const refusal = (message: string) =>
    expect.objectContaining({ hint, message: expect.stringContaining(message) as string }) as Error
  expect(() => readScenario(`${written.file}.none`)).toThrow(refusal('there is no such file'))
  expect(() => readScenario(dirname(written.file))).toThrow(refusal('it is a directory'))
})

test('the examples are scenarios', () => {
  const folder = join(import.meta.dirname, '../../../../../examples/scenarios')
  const files = readdirSync(folder)
  expect(files).toContain('basic_coordination.toml')
  for (const file of files) {
    expect(`${readScenario(join(folder, file)).name}.toml`).toBe(file)
  }
})
