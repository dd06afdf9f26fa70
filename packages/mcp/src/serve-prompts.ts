// What the server says to requests for prompts.
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { namingOf, prompts } from './prompts.ts'
import { invalid } from './protocol-error.ts'
import type { ToolEntry } from '@dispatch/tools'

const toResult = (description: string | undefined, text: string): GetPromptResult => ({
  ...(description === undefined ? {} : { description }),
  messages: [{ role: 'user', content: { type: 'text', text } }],
})

/** Answers them. */
export const servePrompts = (server: Server, entries: readonly ToolEntry[]): void => {
  const list = { prompts: prompts.map(({ prompt }) => prompt) }
  server.setRequestHandler(ListPromptsRequestSchema, () => list)

  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const found = prompts.find(({ prompt }) => prompt.name === params.name)
    if (!found) throw invalid(`There is no prompt ${params.name}`)
    const values = params.arguments ?? {}
    const missing = found.prompt.arguments?.find(({ name, required }) => required && !values[name])
    if (missing) throw invalid(`The prompt ${params.name} needs ${missing.name}`)
    return toResult(found.prompt.description, found.write(values, namingOf(entries)))
  })
}
