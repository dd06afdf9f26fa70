// Every variable of dispatch that the sources read stands on the page on the environment, and no other.
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from '../src/documents.ts'

const sources = globSync(['apps/*/src/**/*.ts', 'packages/*/src/**/*.ts'], { cwd: root }).filter(
  (path) => !path.endsWith('.test.ts') && !path.includes('/generated/'),
)

const named = (text: string): string[] => text.match(/\bDISPATCH_[A-Z]+(?:_[A-Z]+)*\b/g) ?? []

const page = readFileSync(new URL('docs/environment.md', root), 'utf8')

test('sources are looked at', () => {
  expect(sources.length).toBeGreaterThan(200)
})

test('the page has what the sources name', () => {
  const read = new Set(sources.flatMap((path) => named(readFileSync(new URL(path, root), 'utf8'))))
  expect([...read].sort()).toEqual([...new Set(named(page))].sort())
})

test.each([
  'CODEX_HOME',
  'CODEX_THREAD_ID',
  'NO_COLOR',
  'TERM',
  'TZ',
  'HOME',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
])('it has %s, which the sources read', (name) => {
  const reads = new RegExp(String.raw`env(?:\.${name}\b|\['${name}'\])`)
  const reader = sources.find((path) => reads.test(readFileSync(new URL(path, root), 'utf8')))
  expect(reader).toBeDefined()
  expect(page).toContain(`\`${name}\``)
})
