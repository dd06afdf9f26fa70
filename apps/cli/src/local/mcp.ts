// mcp: this process as the MCP server of the host that started it. The contract behind it is the one of
// every command, the daemon the one of this run.
import type { Call, LocalServices, McpInput, McpResult } from '@dispatch/contract'
import { clientOptions } from '../connection/client-options.ts'
import type { Setting } from '../execute.ts'
import { methodAt } from './method.ts'

type Serving = { setting: Setting; services: LocalServices; call: Call }

/** Serves until the host is gone. */
export const serveHost = async (
  { tools = 'grouped' }: McpInput,
  { setting, services, call }: Serving,
): Promise<McpResult> => {
  const { serveMcp } = await import('@dispatch/mcp')
  const { io, tables } = setting
  const input = io.stdin()
  const unwatch = await io.watchReader()
  // A person who types it sees nothing happen.
  if (io.terminal.stdin) io.writeError('dispatch mcp: a host of MCP starts this. Ctrl-C ends it.\n')
  try {
    await serveMcp({
      manifest: tables.manifest(),
      version: tables.version,
      mode: tools,
      cwd: io.cwd,
      client: clientOptions(setting),
      local: async (op, given, signal) =>
        await methodAt(services, op)(given, { ...call, caller: 'mcp', signal }),
      pipe: { input, write: io.write, signal: call.signal },
      onError: ({ message }) => io.writeError(`dispatch mcp: ${message}\n`),
    })
  } finally {
    unwatch()
    input.destroy?.()
  }
  return { said: '' }
}
