// What the parts of one server share: the tools, the calls behind them, and on whose behalf they are made.
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js'
import { type Callers, threadOf } from './caller.ts'
import type { Calling, Calls } from './calls.ts'
import type { ToolEntry } from '@dispatch/tools'

/** A server's insides. */
export type Serving = { calls: Calls; callers: Callers; entries: readonly ToolEntry[] }

/** What the SDK gives with each request. */
export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

/** On whose behalf a request is, and until when. */
export const callingOf = ({ callers }: Serving, { _meta, signal }: Extra): Calling => ({
  client: callers.clientOf(threadOf(_meta)),
  signal,
})
