// Names clash nowhere: flags, aliases, file flags, and those of a query with its `--follow`. Examples
// name commands and flags that exist.
import { describe, expect, it } from 'vitest'
import { describeRouter } from '../src/describe.ts'
import type { ManifestOp } from '../src/manifest.ts'
import { appRouter } from '../src/router.ts'
import { fieldsOf, type NamedField, wordsOf } from './command-names.ts'

const { ops } = describeRouter(appRouter)
const followerOf = (op: ManifestOp) => ops.find(({ meta }) => meta.follows === op.path)
const variantFor = (op: ManifestOp) => ops.find(({ meta }) => meta.variantOf?.op === op.path)
const commands = ops.filter(
  ({ meta }) => !meta.hidden && meta.follows === undefined && meta.variantOf === undefined,
)

/** What every command takes, whatever its op. */
const shared = new Map([
  ...['--json', '--no-color', '--yes', '--no-interactive', '--follow', '--help', '--version'].map(
    (flag) => [flag, false] as const,
  ),
  ...['--output', '--home'].map((flag) => [flag, true] as const),
])

const fieldsOfCommand = (op: ManifestOp): NamedField[] => {
  const follower = followerOf(op)
  const own = fieldsOf(op)
  const variant = variantFor(op)
  const flag = variant?.meta.variantOf?.flag
  const isField = variant !== undefined && fieldsOf(variant).some(({ key }) => key === flag)
  const chooser: NamedField[] =
    flag === undefined || isField
      ? []
      : [
          {
            key: `--${flag}`,
            flags: [`--${flag}`],
            positional: false,
            many: false,
            required: false,
            boolean: true,
          },
        ]
  const sibling = follower ?? variant
  const further = [...chooser, ...(sibling ? fieldsOf(sibling) : [])]
  return [...own, ...further.filter(({ key }) => own.every((field) => field.key !== key))]
}

describe('names', () => {
  it.each(commands)('of $path clash neither with each other nor with what is shared', (op) => {
    const flags = fieldsOfCommand(op).flatMap((field) => field.flags)
    expect(flags.filter((flag, at) => flags.indexOf(flag) !== at)).toEqual([])
    expect(flags.filter((flag) => shared.has(flag))).toEqual([])
    for (const flag of flags) expect(flag).toMatch(/^(?:-[a-z]|--[a-z]+(?:-[a-z]+)*)$/)
  })

  it.each(commands)('of $path mean the same with --follow', (op) => {
    const follower = followerOf(op)
    const further = new Map((follower ? fieldsOf(follower) : []).map((field) => [field.key, field]))
    const both = fieldsOf(op).filter(({ key }) => further.has(key))
    const followed = both.map(({ key, required }) => ({ ...further.get(key), required }))
    expect(followed).toEqual(both)
  })

  it.each(commands)('of $path: positionals are unambiguous', (op) => {
    const positionals = fieldsOf(op).filter(({ positional }) => positional)
    expect(positionals.slice(0, -1).filter(({ many }) => many)).toEqual([])
    const firstOptional = positionals.findIndex(({ required }) => !required)
    if (firstOptional >= 0) {
      expect(positionals.slice(firstOptional).filter(({ required }) => required)).toEqual([])
    }
  })

  it('of ops differ as commands too', () => {
    const words = commands.map(({ path }) => wordsOf(path).join(' '))
    expect(new Set(words).size).toBe(words.length)
  })
})

const examples = ops.flatMap((op) =>
  op.meta.cliMeta.examples.map((example) => ({ path: op.path, op, example })),
)

// The part that is the op's own: of a pipe or of a substitution, and after what has to be done first.
const tokensOf = (example: string): string[] => {
  const own = example.split(' && ').at(-1) ?? ''
  const part = /dispatch [^|)]*/.exec(own)?.[0].trim() ?? ''
  return [...part.matchAll(/"[^"]*"|'[^']*'|\S+/g)].map(([token]) => token).slice(1)
}

const misusedFlags = (op: ManifestOp, tokens: string[]): string[] => {
  const fields = fieldsOfCommand(op)
  const takesValue = new Map<string, boolean>(shared)
  for (const { flags, boolean } of fields) for (const flag of flags) takesValue.set(flag, !boolean)
  const wrong: string[] = []
  let positionals = 0
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? ''
    if (!token.startsWith('-') || token === '-') {
      positionals += 1
      continue
    }
    const value = takesValue.get(token)
    if (value === undefined) wrong.push(token)
    else if (value) at += 1
  }
  const places = fields.filter(({ positional }) => positional)
  if (positionals > places.length && !places.some(({ many }) => many)) wrong.push('too many words')
  return wrong
}

describe('examples', () => {
  it.each(examples)('$example', ({ op, example }) => {
    const tokens = tokensOf(example)
    const command = op.meta.follows ?? op.meta.variantOf?.op ?? op.path
    const words = wordsOf(command)
    expect(tokens.slice(0, words.length)).toEqual(words)
    const owner = ops.find(({ path }) => path === command)
    expect(owner).toBeDefined()
    if (owner) expect(misusedFlags(owner, tokens.slice(words.length))).toEqual([])
    expect(tokens.includes('--follow')).toBe(
      op.meta.follows !== undefined || (op.path === 'schema' && tokens.includes('--follow')),
    )
  })
})
