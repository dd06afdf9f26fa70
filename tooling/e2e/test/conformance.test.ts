// What the README and the usage guide of the predecessor show can be typed here, with `dispatch` alone,
// and gives what they promise. The list is in src/conformance; it is walked in its order.
import { existsSync, readFileSync } from 'node:fs'
import { errorCodes } from '@dispatch/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documents } from '../src/conformance/documents.ts'
import type { Entry, Later, Tested, Typed } from '../src/conformance/entry.ts'
import { makeSo } from './conformance/givens.ts'
import { proofs } from './conformance/proofs.ts'
import { makeWalk, type Walk } from './conformance/walk.ts'

const root = new URL('../../../', import.meta.url)
const entries = documents.flatMap((part) => part.entries)
const isTyped = (entry: Entry): entry is Typed =>
  !('again' in entry) && !('later' in entry) && !('tested' in entry)

let walk: Walk
beforeAll(async () => {
  walk = await makeWalk()
})
afterAll(() => walk[Symbol.asyncDispose]())

const fieldOf = (value: unknown, path: string): string =>
  path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value) as string

const check = async (entry: Typed): Promise<void> => {
  const { line, env, keys, exit, gives, prints, refuses, says, keeps = {}, proof } = entry
  if (entry.given) await makeSo(walk, entry.given)
  const asked = walk.world.model.requests.at(-1)?.number ?? 0
  if (entry.foreground) {
    expect(await walk.serve(line, env)).toBe(0)
    return
  }
  const answer =
    keys === undefined
      ? await walk.type(line, env)
      : { ...(await walk.type('true')), code: await walk.confirm(line, keys) }
  const expected = exit ?? (refuses ? errorCodes[refuses].exit : 0)
  expect(answer.code, answer.stdout + answer.stderr).toBe(expected)
  if (gives) expect(answer.json()).toMatchObject(walk.filledIn(gives))
  if (prints !== undefined) expect(answer.stdout).toContain(prints)
  if (refuses) {
    expect(answer.stdout).toBe('')
    expect(answer.error().code).toBe(refuses)
  }
  if (says !== undefined) expect(answer.error().message).toContain(says)
  for (const [placeholder, path] of Object.entries(keeps)) {
    walk.keep(placeholder, fieldOf(answer.json(), path))
  }
  if (proof) await proofs[proof]({ walk, entry, answer, asked })
}

describe.each(documents.map((part) => [part.title, part] as const))('%s', (_title, part) => {
  test('every command of its examples is in the list', () => {
    const shown = part.entries.filter((entry) => !('beside' in entry))
    expect(shown).toHaveLength(part.commands)
  })
  for (const entry of part.entries.filter(isTyped)) {
    test(`${entry.line.replaceAll(/\s*\\\n\s*/g, ' ')}: ${entry.promise}`, async () => {
      await expect(check(entry)).resolves.toBeUndefined()
    })
  }
})

test('what stands again stands before, with its promise', () => {
  const lines = entries.map(({ line }) => line)
  const unknown = entries.filter(
    (entry, at) => 'again' in entry && !lines.slice(0, at).includes(entry.line),
  )
  expect(unknown).toEqual([])
})

const later = entries.filter((entry): entry is Later => 'later' in entry)
test.each(later)('$line: is not there yet', async ({ line, lacks }) => {
  if (lacks !== undefined) return expect(existsSync(new URL(lacks, root)), lacks).toBe(false)
  const answer = await walk.type(line.replaceAll(/[<>]/g, ''))
  expect(answer.code).toBe(errorCodes.usage.exit)
  expect(answer.error().code).toBe('usage')
})

const tested = entries.filter((entry): entry is Tested => 'tested' in entry)
test.each(tested)('$promise: is tested elsewhere', ({ tested: { file, title } }) => {
  expect(readFileSync(new URL(file, root), 'utf8')).toContain(`('${title}'`)
})
