// What the server says to requests for tools.
import type { Clock } from '@dispatch/client'
import { toDispatchError } from '@dispatch/contract/errors'
import { answerInWords, errorInWords, type Routed, routeCall } from '@dispatch/tools'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type ListToolsResult,
} from '@modelcontextprotocol/sdk/types.js'
import { callingOf, type Extra, type Serving } from './serving.ts'
import { tellProgress } from './progress.ts'
import { invalid } from './protocol-error.ts'
import { answerToResult, errorToResult } from './result.ts'

/** Where relative paths begin, and what time is told by. */
type Here = { cwd: string; clock: Clock }

/** Answers them. */
export const serveTools = (server: Server, serving: Serving, { cwd, clock }: Here): void => {
  const { calls, entries } = serving
  const byName = new Map(entries.map((entry) => [entry.tool.name, entry]))
  const list = { tools: entries.map(({ tool }) => tool) } as ListToolsResult

  const perform = async (routed: Routed, extra: Extra): Promise<unknown> => {
    const calling = callingOf(serving, extra)
    const progressToken = extra._meta?.progressToken
    if (progressToken === undefined) return await calls.perform(routed, calling)
    using _telling = tellProgress({
      routed,
      ...calling,
      clock,
      notify: (progress) =>
        extra.sendNotification({
          method: 'notifications/progress',
          params: { ...progress, progressToken },
        }),
    })
    return await calls.perform(routed, calling)
  }

  server.setRequestHandler(ListToolsRequestSchema, () => list)

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const entry = byName.get(params.name)
    if (!entry) throw invalid(`There is no tool ${params.name}`)
    try {
      const routed = routeCall(entry, params.arguments ?? {}, cwd)
      const answer = perform(routed, extra).catch((thrown: unknown) => {
        throw errorInWords(toDispatchError(thrown), routed, serving)
      })
      return answerToResult(answerInWords(await answer, routed, serving))
    } catch (thrown) {
      return errorToResult(toDispatchError(thrown))
    }
  })
}
