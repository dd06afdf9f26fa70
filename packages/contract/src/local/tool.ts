// schema, completion, demo, top: what the surface answers from the manifest or plays for a person.
import { z } from 'zod'

const JsonSchemaField = z.record(z.string(), z.unknown())

/** The schemas of one command. */
const CommandSchema = z.strictObject({
  command: z.string().describe('The command as it is typed'),
  op: z.string().describe('The op behind it'),
  kind: z.enum(['query', 'mutation', 'subscription']).describe('Kind of the op'),
  description: z.string().describe('What it does'),
  input: JsonSchemaField.describe('JSON Schema of the input'),
  output: JsonSchemaField.describe('JSON Schema of the answer'),
})

/** How ops are made tools of MCP. */
const ToolMode = z.enum(['grouped', 'each'])

/** A tool of MCP, as hosts are told of it. */
const ToolSchema = z.strictObject({
  name: z.string().describe('Name of the tool'),
  title: z.string().describe('Title for people'),
  description: z.string().describe('What it does'),
  inputSchema: JsonSchemaField.describe('JSON Schema of the arguments'),
  outputSchema: JsonSchemaField.describe('JSON Schema of the structured content'),
  annotations: z
    .record(z.string(), z.unknown())
    .describe('Hints: whether it only reads, destroys, reaches beyond this machine'),
})

export const SchemaInput = z.strictObject({
  command: z
    .array(z.string())
    .max(4)
    .optional()
    .meta({ positional: true })
    .describe(
      'The command, e.g. send, "daemon status" or "watch --follow"; or a tool of dispatch mcp by its name',
    ),
  all: z.boolean().optional().describe('Every command, with the version and the error codes'),
  config: z.boolean().optional().describe('The configuration file in place of a command'),
  tools: ToolMode.optional().describe('The tools of dispatch mcp in place of a command'),
})

export const SchemaResult = z.union([
  CommandSchema,
  z.strictObject({
    version: z.string().describe('Version of dispatch'),
    wire: z.number().int().describe('Wire number'),
    contract: z.string().describe('Hash of the contract'),
    errors: z
      .array(
        z.strictObject({
          code: z.string().describe('Code'),
          exit: z.number().int().describe('Exit status'),
          retryable: z.boolean().describe('Whether the same call may succeed later'),
        }),
      )
      .describe('The error codes'),
    commands: z.array(CommandSchema).describe('Every command'),
  }),
  z.strictObject({
    version: z.string().describe('Version of dispatch'),
    tools: z.array(ToolSchema).describe('The tools of dispatch mcp'),
  }),
  // Of the configuration file: the JSON Schema itself, as an editor takes it.
  JsonSchemaField,
])

export const McpInput = z.strictObject({
  tools: ToolMode.optional().describe(
    'grouped (default): a few tools, each with an op to choose. each: one tool an op',
  ),
})

export const McpResult = z.strictObject({
  said: z.string().describe('Nothing: what there is to say was said to the host'),
})

export const CompletionInput = z.strictObject({
  shell: z.enum(['bash', 'zsh', 'fish']).meta({ positional: true }).describe('The shell'),
})

export const CompletionResult = z.strictObject({
  shell: z.enum(['bash', 'zsh', 'fish']).describe('The shell'),
  script: z.string().describe('The script to source'),
})

export const DemoInput = z.strictObject({
  keep: z.boolean().optional().describe('Keep the throw-away home and say where it is'),
})

export const DemoResult = z.strictObject({
  transcript: z.string().describe('What the demo says last'),
})

export const TopInput = z.strictObject({})

export const TopResult = z.strictObject({
  said: z.string().describe('Nothing: the screen is given back as it was'),
})

export type SchemaInput = z.output<typeof SchemaInput>
export type SchemaResult = z.output<typeof SchemaResult>
export type McpInput = z.output<typeof McpInput>
export type McpResult = z.output<typeof McpResult>
export type CompletionInput = z.output<typeof CompletionInput>
export type CompletionResult = z.output<typeof CompletionResult>
export type DemoInput = z.output<typeof DemoInput>
export type DemoResult = z.output<typeof DemoResult>
export type TopInput = z.output<typeof TopInput>
export type TopResult = z.output<typeof TopResult>
