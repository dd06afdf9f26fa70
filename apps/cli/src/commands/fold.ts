// Folds a manifest into commands: hidden ops are none, and a subscription that follows a query
// becomes the `--follow` of its command, with the fields of both; so does a variant with its flag.
import { kebabCase } from '@dispatch/contract/kebab-case'
import type { FieldMeta, JsonSchema, Manifest, ManifestOp } from '@dispatch/contract/manifest'
import type { Command, Field, Form } from './command.ts'
import { schemaToField } from './field-of-schema.ts'
import { reservedNames } from './global-flags.ts'
import { textSwitch } from './switches.ts'
import { withSwitches } from './value-switches.ts'
import { mergeVariant } from './variant.ts'

const fieldsOf = (op: ManifestOp): Map<string, Field> => {
  const properties = (op.input.properties ?? {}) as Record<string, JsonSchema & FieldMeta>
  return new Map(
    Object.entries(properties).map(([key, schema]) => [key, schemaToField(key, schema)]),
  )
}

const requiredOf = (op: ManifestOp | undefined): ReadonlySet<string> =>
  new Set((op?.input.required as string[] | undefined) ?? [])

const mergeFields = (op: ManifestOp, follower: ManifestOp | undefined): Field[] => {
  const plain = fieldsOf(op)
  const follow = follower ? fieldsOf(follower) : new Map<string, Field>()
  const required = requiredOf(op)
  const requiredToFollow = requiredOf(follower)
  return [...new Set([...plain.keys(), ...follow.keys()])].map((key) => {
    const field = (plain.get(key) ?? follow.get(key)) as Field
    const form = !follower || (plain.has(key) && follow.has(key)) ? undefined : plain.has(key)
    return {
      ...field,
      ...(required.has(key) ? { required: true as const } : {}),
      ...(requiredToFollow.has(key) ? { requiredToFollow: true as const } : {}),
      ...(form === undefined ? {} : { form: form ? ('plain' as const) : ('follow' as const) }),
    }
  })
}

const checkNames = (command: Command): Command => {
  const names = command.fields.flatMap((field) => [field.name, ...(field.file ? [field.file] : [])])
  const clash = names.find(
    (name, index) => reservedNames.has(name) || names.indexOf(name) !== index,
  )
  if (clash) throw new Error(`${command.plain.op}: the name ${clash} is taken twice`)
  const variadic = command.fields
    .filter((field) => field.positional)
    .findIndex((f) => f.kind === 'list')
  const positionals = command.fields.filter((field) => field.positional).length
  if (variadic >= 0 && variadic !== positionals - 1) {
    throw new Error(`${command.plain.op}: only the last positional can be a list`)
  }
  return command
}

const opToForm = ({ path, kind, meta }: ManifestOp, traces: ManifestOp | undefined): Form => ({
  op: path,
  kind,
  intent: meta.intent,
  runs: meta.runs ?? 'daemon',
  autostart: meta.autostart ?? true,
  verdict: meta.verdict ?? false,
  view: meta.cliMeta.view,
  ...(meta.plannedBy === undefined ? {} : { plannedBy: meta.plannedBy }),
  ...(meta.ownsTurn ? { ownsTurn: true as const } : {}),
  ...(traces && kind === 'mutation' && meta.runs !== 'local' ? { tracedBy: traces.path } : {}),
})

const wordsOf = ({ meta }: ManifestOp): string =>
  [meta.description, meta.cliMeta.exits ?? ''].join(' ').trimEnd()

type Siblings = Record<'follower' | 'variant' | 'traces', ManifestOp | undefined>

const opToCommand = (op: ManifestOp, { follower, variant, traces }: Siblings): Command => {
  if (follower && variant) throw new Error(`${op.path}: it has a variant and is followed`)
  const flag = variant?.meta.variantOf?.flag
  return checkNames({
    words: op.path.split('.').map(kebabCase),
    description: wordsOf(op),
    examples: [op, follower, variant].flatMap((one) => one?.meta.cliMeta.examples ?? []),
    fields: [
      ...(variant
        ? mergeVariant(mergeFields(op, undefined), mergeFields(variant, undefined), variant)
        : mergeFields(op, follower)
      ).flatMap(withSwitches),
      ...(op.meta.cliMeta.textSwitch ? [textSwitch] : []),
    ],
    plain: opToForm(op, traces),
    ...(follower
      ? { follow: { ...opToForm(follower, traces), description: wordsOf(follower) } }
      : {}),
    ...(variant && flag !== undefined
      ? { variant: { ...opToForm(variant, traces), flag, description: wordsOf(variant) } }
      : {}),
  })
}

/** The commands of a manifest, in its order. */
export const foldManifest = (manifest: Manifest): Command[] => {
  const traces = manifest.ops.find(({ meta }) => meta.tracesCalls)
  const shown = manifest.ops.filter((op) => !op.meta.hidden)
  return shown
    .filter(({ meta }) => meta.follows === undefined && meta.variantOf === undefined)
    .map((op) =>
      opToCommand(op, {
        follower: shown.find((other) => other.meta.follows === op.path),
        variant: shown.find((other) => other.meta.variantOf?.op === op.path),
        traces,
      }),
    )
}
