// Folds a manifest into commands: hidden ops are none, and a subscription that follows a query
// becomes the `--follow` of its command, with the fields of both.
import type { FieldMeta, JsonSchema, Manifest, ManifestOp } from '@dispatch/contract/manifest'
import type { Command, Field, Form } from './command.ts'
import { kebabCase, schemaToField } from './field-of-schema.ts'
import { reservedNames } from './global-flags.ts'
import { textSwitch } from './switches.ts'

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

const opToForm = ({ path, kind, meta }: ManifestOp): Form => ({
  op: path,
  kind,
  intent: meta.intent,
  runs: meta.runs ?? 'daemon',
  autostart: meta.autostart ?? true,
  verdict: meta.verdict ?? false,
  view: meta.cliMeta.view,
})

const opToCommand = (op: ManifestOp, follower: ManifestOp | undefined): Command =>
  checkNames({
    words: op.path.split('.').map(kebabCase),
    description: op.meta.description,
    examples: [...op.meta.cliMeta.examples, ...(follower?.meta.cliMeta.examples ?? [])],
    fields: [...mergeFields(op, follower), ...(op.meta.cliMeta.textSwitch ? [textSwitch] : [])],
    plain: opToForm(op),
    ...(follower
      ? { follow: { ...opToForm(follower), description: follower.meta.description } }
      : {}),
  })

/** The commands of a manifest, in its order. */
export const foldManifest = (manifest: Manifest): Command[] => {
  const shown = manifest.ops.filter((op) => !op.meta.hidden)
  return shown
    .filter((op) => op.meta.follows === undefined)
    .map((op) =>
      opToCommand(
        op,
        shown.find((other) => other.meta.follows === op.path),
      ),
    )
}
