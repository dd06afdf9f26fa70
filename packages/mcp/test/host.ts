// A host of MCP in this process: the SDK's own client, a pipe to our server, and a daemon that a test plays.
import { PassThrough } from 'node:stream'
import {
  type Client as DaemonClient,
  type Clock,
  type DispatchClientOptions,
  systemClock,
} from '@dispatch/client'
import { appRouter, describeRouter } from '@dispatch/contract'
import type { Manifest } from '@dispatch/contract/manifest'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { LocalOps } from '../src/calls.ts'
import { serveMcp } from '../src/index.ts'
import type { ToolMode } from '@dispatch/tools'
import { makeLineTransport } from '../src/transport.ts'

export const manifest = describeRouter(appRouter)

/** A call as it reached the daemon. */
export type Asked = { path: string; kind: string; input: unknown; thread: string | undefined }

type Answer = (asked: Asked, signal: AbortSignal) => unknown

/** What a test plays. */
export type HostOptions = {
  answer?: Answer
  local?: LocalOps
  /** The events of a subscription. */
  events?: (path: string, input: unknown, signal: AbortSignal) => AsyncIterable<unknown>
  /** What a subscription waits for before it begins. */
  begins?: (path: string, signal: AbortSignal) => Promise<void>
  clock?: Clock
  manifest?: Manifest
  mode?: ToolMode
}

/** A connected host. */
export type Host = AsyncDisposable & {
  client: Client
  /** What reached the daemon, in order. */
  asked: Asked[]
  errors: Error[]
  /** Resolves when the server has ended. */
  served: Promise<void>
}

const fakeDaemon =
  (asked: Asked[], { answer, events, begins }: HostOptions) =>
  ({ env }: DispatchClientOptions): DaemonClient => ({
    call: async (path, kind, ...[input, options = {}]) => {
      const one: Asked = { path, kind, input, thread: env?.['CODEX_THREAD_ID'] }
      asked.push(one)
      return await answer?.(one, options.signal ?? new AbortController().signal)
    },
    subscribe: (path, input, options = {}) => {
      const signal = options.signal ?? new AbortController().signal
      const stream = async function* () {
        await begins?.(path, signal)
        options.onBegin?.()
        for await (const data of events?.(path, input, signal) ?? []) yield { cursor: null, data }
      }
      return stream()
    },
    wasConnected: () => true,
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  })

/** Connects a host to a server of its own. */
export const connectHost = async (options: HostOptions = {}): Promise<Host> => {
  const asked: Asked[] = []
  const errors: Error[] = []
  const toServer = new PassThrough()
  const toHost = new PassThrough()
  const ending = new AbortController()
  const served = serveMcp({
    manifest: options.manifest ?? manifest,
    version: '1.2.3',
    mode: options.mode ?? 'grouped',
    cwd: '/work',
    client: { env: { CODEX_THREAD_ID: 'of-this-process' } },
    connect: fakeDaemon(asked, options),
    ...(options.clock ? { clock: options.clock } : {}),
    local: options.local ?? (async () => ({})),
    pipe: {
      input: toServer,
      write: async (text) => void toHost.write(text),
      signal: ending.signal,
    },
    onError: (error) => void errors.push(error),
  })
  const client = new Client({ name: 'test', version: '1' })
  const transport = makeLineTransport({
    input: toHost,
    write: async (text) => void toServer.write(text),
    signal: new AbortController().signal,
    clock: systemClock,
  })
  await client.connect(transport)
  return {
    client,
    asked,
    errors,
    served,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      toServer.end()
      ending.abort()
      await served
      toHost.end()
    },
  }
}

/** An error body, as a result of a tool has it. */
export const errorOf = (result: Record<string, unknown>) =>
  (
    result['structuredContent'] as {
      error: { code: string; message: string; hint: string | null; details: unknown }
    }
  ).error
