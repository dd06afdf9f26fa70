// The MCP server: the SDK's low-level one, with what the contract says behind it. Ends with its pipe.
import {
  type Clock,
  createDispatchClient,
  type DispatchClientOptions,
  systemClock,
} from '@dispatch/client'
import { toDispatchError } from '@dispatch/contract/errors'
import type { Manifest } from '@dispatch/contract/manifest'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type ServerNotification,
  type ServerRequest,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { type Connect, makeCallers, threadOf } from './caller.ts'
import { type Calling, type LocalOps, makeCalls } from './calls.ts'
import { makeChanges } from './changes.ts'
import { tellProgress } from './progress.ts'
import { namingOf, prompts } from './prompts.ts'
import { MIME_TYPE } from './resource.ts'
import { makeResources } from './resources.ts'
import { answerToResult, errorToResult } from './result.ts'
import { type Routed, routeCall } from './route.ts'
import { manifestToTools, type ToolMode } from './tools/tool.ts'
import { makeLineTransport, type Pipe } from './transport.ts'

/** What a server is made with. */
export type McpOptions = {
  manifest: Manifest
  version: string
  mode: ToolMode
  /** The caller's directory, absolute. */
  cwd: string
  /** How the daemon is reached. */
  client: DispatchClientOptions
  local: LocalOps
  pipe: Pipe
  clock?: Clock
  /** How a client is made; over the socket of the home unless said otherwise. */
  connect?: Connect
  /** Told what went wrong with the pipe. */
  onError: (error: Error) => void
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

const instructions = `dispatch runs Codex agent threads ("lanes") side by side on this machine. Start one, send it messages, wait for it, read its last message. An accepted message is durable in Codex; it is not answered yet. Name a thread to people as [@handle](codex://threads/ID).`

const refusal = (code: number, message: string, data?: unknown): Error =>
  Object.assign(new Error(message), { code, ...(data === undefined ? {} : { data }) })

// By the words of the protocol.
const RESOURCE_NOT_FOUND = -32_002

const noResource = (uri: string): Error =>
  refusal(RESOURCE_NOT_FOUND, `There is no resource ${uri}`, { uri })

const invalid = (message: string): Error => refusal(ErrorCode.InvalidParams, message)

// Of what is no tool, an error is one of the protocol: its body as data.
const asProtocolError = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked
  } catch (thrown) {
    if (typeof (thrown as { code?: unknown }).code === 'number') throw thrown
    const { structuredContent } = errorToResult(toDispatchError(thrown))
    throw refusal(ErrorCode.InternalError, toDispatchError(thrown).message, structuredContent)
  }
}

/** Serves until the pipe ends. */
export const serveMcp = async (options: McpOptions): Promise<void> => {
  const { manifest, version, mode, cwd, clock = systemClock } = options
  const entries = manifestToTools(manifest, mode)
  const byName = new Map(entries.map((entry) => [entry.tool.name, entry]))
  const calls = makeCalls(manifest, options.local)
  const resources = makeResources(manifest, calls)
  await using stack = new AsyncDisposableStack()
  const callers = stack.use(makeCallers(options.client, options.connect ?? createDispatchClient))
  const server = new Server(
    { name: 'dispatch', title: 'dispatch', version },
    {
      capabilities: {
        tools: {},
        prompts: {},
        resources: { subscribe: true, listChanged: true },
      },
      instructions,
    },
  )
  const changes = stack.use(
    makeChanges({
      client: callers.clientOf(null),
      clock,
      notices: {
        updated: (uri) => server.sendResourceUpdated({ uri }),
        listChanged: () => server.sendResourceListChanged(),
      },
    }),
  )

  const callingOf = ({ _meta, signal }: Extra): Calling => ({
    client: callers.clientOf(threadOf(_meta)),
    signal,
  })

  const perform = async (routed: Routed, extra: Extra): Promise<unknown> => {
    const calling = callingOf(extra)
    const progressToken = extra._meta?.progressToken
    if (progressToken === undefined) return await calls.perform(routed, calling)
    using _telling = tellProgress({
      routed,
      ...calling,
      clock,
      notify: (params) =>
        extra.sendNotification({
          method: 'notifications/progress',
          params: { ...params, progressToken },
        }),
    })
    return await calls.perform(routed, calling)
  }

  const tools = { tools: entries.map(({ tool }) => tool) }
  server.setRequestHandler(ListToolsRequestSchema, () => tools as never)

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const entry = byName.get(params.name)
    if (!entry) throw invalid(`There is no tool ${params.name}`)
    try {
      const routed = routeCall(entry, params.arguments ?? {}, cwd)
      return answerToResult(await perform(routed, extra))
    } catch (thrown) {
      return errorToResult(toDispatchError(thrown)) satisfies CallToolResult
    }
  })

  server.setRequestHandler(ListResourcesRequestSchema, async ({ params }, extra) => {
    const page = await asProtocolError(resources.list(params?.cursor, callingOf(extra)))
    await changes.begin()
    return page
  })
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: resources.templates,
  }))
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const text = await asProtocolError(resources.read(uri, callingOf(extra)))
    if (text === null) throw noResource(uri)
    return { contents: [{ uri, mimeType: MIME_TYPE, text }] }
  })
  server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }, extra) => {
    const watched = await asProtocolError(resources.toWatched(uri, callingOf(extra)))
    if (watched === null) throw noResource(uri)
    await changes.watch(watched)
    return {}
  })
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    changes.unwatch(uri)
    return {}
  })

  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: prompts.map(({ prompt }) => prompt),
  }))
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const found = prompts.find(({ prompt }) => prompt.name === params.name)
    if (!found) throw invalid(`There is no prompt ${params.name}`)
    const values = params.arguments ?? {}
    const missing = found.prompt.arguments?.find(({ name, required }) => required && !values[name])
    if (missing) throw invalid(`The prompt ${params.name} needs ${missing.name}`)
    const text = found.write(values, namingOf(entries))
    return {
      description: found.prompt.description ?? '',
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
    }
  })

  const transport = makeLineTransport({ ...options.pipe, clock })
  server.onerror = options.onError
  await server.connect(transport)
  await transport.ended
}
