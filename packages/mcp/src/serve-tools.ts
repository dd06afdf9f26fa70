// What the server says to requests for tools.
import type { Clock } from '@dispatch/client'
import {
  bodyToError,
  type ErrorBody,
  errorToBody,
  toDispatchError,
} from '@dispatch/contract/errors'
import { inWordsOfCall, type Routed, routeCall } from '@dispatch/tools'
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

  // A verdict that is a bad one has the error in it.
  const inWords = (answer: unknown, routed: Routed): unknown => {
    const { error } = answer as { error?: ErrorBody | null }
    if (!routed.op.meta.verdict || !error) return answer
    const said = inWordsOfCall(bodyToError(error), routed, entries)
    return { ...(answer as object), error: errorToBody(said) }
  }

  server.setRequestHandler(ListToolsRequestSchema, () => list)

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const entry = byName.get(params.name)
    if (!entry) throw invalid(`There is no tool ${params.name}`)
    try {
      const routed = routeCall(entry, params.arguments ?? {}, cwd)
      const answer = perform(routed, extra).catch((thrown: unknown) => {
        throw inWordsOfCall(toDispatchError(thrown), routed, entries)
      })
      return answerToResult(inWords(await answer, routed))
    } catch (thrown) {
      return errorToResult(toDispatchError(thrown))
    }
  })
}
