// Every command that a hint or a recovery of the sources names is one that the CLI has, with the flags
// that it names.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { foldManifest } from '@dispatch/cli'
import { appRouter, describeRouter } from '@dispatch/contract'
import { expect, test } from 'vitest'

const commands = foldManifest(describeRouter(appRouter))

const globals = [
  '--json',
  '--output',
  '--no-color',
  '--yes',
  '--no-interactive',
  '--home',
  '--help',
]

// Sentences about dispatch, not commands.
const prose = new Set(['reads', 'cannot', 'to'])

/** What is wrong with a command line that a sentence names; null where nothing is. */
const faultOf = (line: string): string | null => {
  const words = line.split(/\s+/).slice(1)
  if (words[0] === '--help' || prose.has(words[0] ?? '')) return null
  const command = commands.find((one) => one.words.every((word, at) => word === words[at]))
  if (!command) return 'no such command'
  const known = new Set([
    ...globals,
    ...(command.follow ? ['--follow'] : []),
    ...command.fields.flatMap(({ name, file, negatable }) => [
      `--${name}`,
      ...(negatable ? [`--no-${name}`] : []),
      ...(file ? [`--${file}`] : []),
    ]),
  ])
  const flags = words.filter((word) => word.startsWith('--'))
  const wrong = flags.find((flag) => !known.has(flag))
  return wrong ? `no flag ${wrong}` : null
}

/** The command lines in a text: up to where the sentence goes on. */
const linesOf = (text: string): string[] =>
  [
    ...text.matchAll(
      /\bdispatch (?:--help|[a-z][a-z-]*(?: (?:--?[a-z-]+|[a-z]+|[A-Z@][\w./-]*|\$\{[^}]*\}))*)/g,
    ),
  ].map(([line]) => line.replaceAll(/\$\{[^}]*\}/g, 'X'))

// A hint of a line or of a few, whatever makes its text.
const hintsOf = (source: string): string[] =>
  [...source.matchAll(/\b(?:hint|recovery):([^;]{0,300})/g)].flatMap(([, after = '']) =>
    [...after.matchAll(/'((?:[^'\\\n]|\\.)*)'|`([^`]*)`/g)].map(
      ([, plain, template]) => plain ?? template ?? '',
    ),
  )

const root = fileURLToPath(new URL('../../../', import.meta.url))

const sources = ['apps', 'packages'].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
    .filter(({ name, parentPath }) => {
      const path = `${parentPath}/${name}`
      return /\/src\/.*\.ts$/.test(path) && !/\.test\.ts$|node_modules|generated/.test(path)
    })
    .map(({ name, parentPath }) => `${parentPath}/${name}`),
)

const named = sources.flatMap((path) =>
  hintsOf(readFileSync(path, 'utf8'))
    .flatMap(linesOf)
    .map((line) => ({ path: path.slice(root.length), line })),
)

test('what is no command, or no flag of it, is found', () => {
  expect(linesOf('dispatch wait ${a.b}, or dispatch archive X --force --yes')).toEqual([
    'dispatch wait X',
    'dispatch archive X --force --yes',
  ])
  expect(faultOf('dispatch wait X')).toBeNull()
  expect(faultOf('dispatch restart --codex')).toBeNull()
  expect(faultOf('dispatch reload')).toBe('no such command')
  expect(faultOf('dispatch restart --all')).toBe('no flag --all')
})

test('hints name commands and flags that there are', () => {
  expect(named.length).toBeGreaterThan(40)
  const faults = named.flatMap(({ path, line }) => {
    const fault = faultOf(line)
    return fault ? [`${path}: ${line}: ${fault}`] : []
  })
  expect(faults).toEqual([])
})
