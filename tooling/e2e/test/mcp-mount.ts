// `dispatch mcp` behind HTTP on loopback, for tools that speak to servers by URL alone: the transport of the
// SDK, and a child of the program for each session. For tests: dispatch itself listens on no port.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  StdioClientTransport,
  type StdioServerParameters,
} from '@modelcontextprotocol/sdk/client/stdio.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js'

/** A mount, at its URL. */
export type Mount = AsyncDisposable & { url: string }

type Http = WebStandardStreamableHTTPServerTransport

const toRequest = (url: string, message: IncomingMessage): Request => {
  const headers = Object.entries(message.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  const body = message.method === 'POST' ? { body: Readable.toWeb(message), duplex: 'half' } : {}
  return new Request(url, { method: message.method, headers, ...body } as RequestInit)
}

const answer = async (response: Response, to: ServerResponse): Promise<void> => {
  to.writeHead(response.status, Object.fromEntries(response.headers))
  to.flushHeaders()
  if (response.body === null) to.end()
  // Who leaves a stream of events breaks it off.
  else await pipeline(Readable.fromWeb(response.body), to).catch(() => undefined)
}

// The SDK sends progress on the stream of the call, where it is told which that is.
const makeRelated = () => {
  const calls = new Map<unknown, RequestId>()
  return {
    note: (message: JSONRPCMessage): void => {
      if (!('method' in message && 'id' in message)) return
      const token = message.params?._meta?.progressToken
      if (token !== undefined) calls.set(token, message.id)
    },
    of: (message: JSONRPCMessage): { relatedRequestId?: RequestId } => {
      const token = 'method' in message ? message.params?.['progressToken'] : undefined
      const relatedRequestId = calls.get(token)
      return relatedRequestId === undefined ? {} : { relatedRequestId }
    },
  }
}

type MountOptions = {
  /** How the program is started. */
  server: StdioServerParameters
  /** What is asked in place of what was asked. */
  rewrite: (message: JSONRPCMessage) => JSONRPCMessage
}

/** Mounts it. */
export const mountMcp = async ({ server, rewrite }: MountOptions): Promise<Mount> => {
  const sessions = new Map<string, Http>()
  const children = new Set<StdioClientTransport>()

  const begin = async (host: string): Promise<Http> => {
    const stdio = new StdioClientTransport(server)
    children.add(stdio)
    const http: Http = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, http),
      enableDnsRebindingProtection: true,
      allowedHosts: [host],
    })
    const related = makeRelated()
    Object.assign(http, {
      onmessage: (message: JSONRPCMessage): void => {
        related.note(message)
        void stdio.send(rewrite(message))
      },
    })
    Object.assign(stdio, {
      onmessage: (message: JSONRPCMessage) => void http.send(message, related.of(message)),
    })
    await http.start()
    await stdio.start()
    return http
  }

  const listener = createServer((asked, to) => {
    const { port } = listener.address() as AddressInfo
    const host = `127.0.0.1:${port}`
    const id = asked.headers['mcp-session-id']
    const session = async (): Promise<Http> => sessions.get(String(id)) ?? (await begin(host))
    void session()
      .then(async (http) => await http.handleRequest(toRequest(`http://${host}/mcp`, asked)))
      .then(async (response) => await answer(response, to))
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...sessions.values()].map((http) => http.close()))
      await Promise.all([...children].map((child) => child.close()))
      listener.closeAllConnections()
      listener.close()
      await once(listener, 'close')
    },
  }
}
