/**
 * What the simulator says where no directive says it: a reply that quotes what was asked, a
 * summary of what the tools gave, or the smallest JSON that a requested schema allows.
 */
import type { ModelRequest } from './model-request.ts'

const longest = 2000
const cutTo = (text: string, length: number) =>
  text.length <= length ? text : `${text.slice(0, length)}…`

function plainWords({ prompt, toolOutputs, userTexts }: ModelRequest): string {
  if (toolOutputs.length > 0) {
    const outputs = toolOutputs.map(({ output }) => output.trim()).join('\n---\n')
    return `Done. The tool said:\n${cutTo(outputs, longest)}`
  }
  if (prompt?.kind === 'compaction') return `Summary of ${userTexts.length} messages.`
  if (!prompt) return 'Nothing was asked.'
  const text = cutTo(prompt.text.trim(), longest)
  return prompt.kind === 'goal' ? `Worked on the goal: ${text}` : `You said: ${text}`
}

interface Schema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
  minItems?: number
  minimum?: number
}

function schemaToSample(schema: Schema, words: string): unknown {
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf?.[0]) return schemaToSample(schema.anyOf[0], words)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, of]) => [
          key,
          schemaToSample(of, words),
        ]),
      )
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () =>
        schemaToSample(schema.items ?? {}, words),
      )
    case 'number':
    case 'integer':
      return schema.minimum ?? 0
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return words
  }
}

export function ownWords(request: ModelRequest): string {
  const words = plainWords(request)
  const { schema } = request
  return typeof schema === 'object' && schema !== null
    ? JSON.stringify(schemaToSample(schema, words))
    : words
}
