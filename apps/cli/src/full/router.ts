// The commands as the router that trpc-cli reads: of each procedure it looks at the path, the meta
// and one JSON Schema, and nothing else. The schemas say how a field is typed, in the names of the
// command line, so that what comes back are the same values that the fast path gives.
import { kebabCase } from '@dispatch/contract/kebab-case'
import { type Command, type Field, firstSentence, freeWords } from '../commands/command.ts'
import { isDemanded } from '../commands/demanded.ts'

const typeOf = (field: Field): object => {
  if (field.kind === 'number') return { type: 'number' }
  if (field.kind === 'boolean') return { type: 'boolean', negatable: field.negatable ?? false }
  const item = { type: 'string', ...(field.choices ? { enum: field.choices } : {}) }
  return field.kind === 'text' ? item : { type: 'array', items: item }
}

const fieldToProperties = (command: Command, field: Field): [string, object][] => {
  const demanded = isDemanded(command, field)
  const own: [string, object] = [
    field.name,
    {
      ...typeOf(field),
      description: field.description,
      ...(field.short ? { alias: field.short } : {}),
      ...(field.positional ? { positional: true, optional: !demanded } : {}),
    },
  ]
  return field.file ? [own, [field.file, { type: 'string' }]] : [own]
}

const commandToSchema = (command: Command): object => ({
  type: 'object',
  properties: Object.fromEntries([
    ...command.fields.flatMap((field) => fieldToProperties(command, field)),
    // Free words may name a command in its followed form, `--follow` being one of them.
    ...(command.follow || freeWords(command) ? [['follow', { type: 'boolean' }]] : []),
  ]),
  required: command.fields.filter((field) => isDemanded(command, field)).map((field) => field.name),
  additionalProperties: false,
})

/** The path under which trpc-cli calls back. */
export const pathOf = (command: Command): string => command.words.map(kebabCase).join('.')

/** The router that trpc-cli is given. */
export const commandsToRouter = (commands: readonly Command[]): object => ({
  _def: {
    _config: { $types: {} },
    procedures: Object.fromEntries(
      commands.map((command) => {
        const schema = commandToSchema(command)
        return [
          pathOf(command),
          {
            _def: {
              type: 'mutation',
              meta: { description: firstSentence(command.description) },
              inputs: [{ toJsonSchema: () => schema }],
            },
          },
        ]
      }),
    ),
  },
})
