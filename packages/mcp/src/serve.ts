// The MCP server: the SDK's low-level one, with what the contract says behind it. Ends with its pipe.
import {
  type Clock,
  createDispatchClient,
  type DispatchClientOptions,
  systemClock,
} from '@dispatch/client'
import type { Manifest } from '@dispatch/contract/manifest'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { type Connect, makeCallers } from './caller.ts'
import { type LocalOps, makeCalls } from './calls.ts'
import { makeChanges } from './changes.ts'
import { serveCompletions } from './serve-completions.ts'
import { servePrompts } from './serve-prompts.ts'
import { serveResources } from './serve-resources.ts'
import { serveTools } from './serve-tools.ts'
import { manifestToTools, type ToolMode } from '@dispatch/tools'
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
  /** Told what went wrong with the pipe, and with what is followed. */
  onError: (error: Error) => void
  clock?: Clock
  /** How a client is made; over the socket of the home unless said otherwise. */
  connect?: Connect
}

const instructions = `dispatch runs Codex agent threads ("lanes") side by side on this machine. Start one, send it messages, wait for it, read its last message. An accepted message is durable in Codex; it is not answered yet. Name a thread to people as [@handle](codex://threads/ID).`

const capabilities = {
  tools: {},
  prompts: {},
  completions: {},
  resources: { subscribe: true, listChanged: true },
}

/** Serves until the pipe ends. */
export const serveMcp = async (options: McpOptions): Promise<void> => {
  const { manifest, version, mode, cwd, clock = systemClock } = options
  await using stack = new AsyncDisposableStack()
  const callers = stack.use(makeCallers(options.client, options.connect ?? createDispatchClient))
  const entries = manifestToTools(manifest, mode)
  const serving = { calls: makeCalls(manifest, options.local), callers, entries }
  const server = new Server(
    { name: 'dispatch', title: 'dispatch', version },
    { capabilities, instructions },
  )
  const changes = stack.use(
    makeChanges({
      client: callers.clientOf(null),
      clock,
      onError: options.onError,
      notices: {
        updated: (uri) => server.sendResourceUpdated({ uri }),
        listChanged: () => server.sendResourceListChanged(),
      },
    }),
  )
  serveTools(server, serving, { cwd, clock })
  serveResources(server, serving, { manifest, changes })
  servePrompts(server, entries)
  serveCompletions(server, serving, manifest)
  const transport = makeLineTransport({ ...options.pipe, clock })
  Object.assign(server, { onerror: options.onError })
  await server.connect(transport)
  await transport.ended
}
