// docs/reference is what the contract makes of it today.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { referenceFolder, referencePages } from '../src/reference.ts'

const pages = referencePages()

test('there are no other pages', () => {
  expect(readdirSync(referenceFolder).sort()).toEqual(Object.keys(pages).sort())
})

test.each(Object.entries(pages))('%s is current; `pnpm run docs` makes it so', (name, text) => {
  expect(readFileSync(new URL(name, referenceFolder), 'utf8')).toBe(text)
})

test('every command has a section and no hidden op has one', () => {
  const page = pages['cli.md'] ?? ''
  for (const name of ['new', 'watch', 'daemon status', 'daemon logs', 'completion']) {
    expect(page).toContain(`## dispatch ${name}\n`)
  }
  expect(page).not.toContain('shutdown')
})
