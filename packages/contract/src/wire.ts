// The wire between surfaces and the daemon: newline-delimited JSON in tRPC's own envelope over a
// Unix socket. Types and constants only; client and daemon each own their end.
import type { ErrorBody } from './errors.ts'

/** The wire number: inside one number the contract only grows. */
export const WIRE = 1

/** Who calls; `lane` and `trigger` are the daemon's own and never come over the socket. */
export type CallerKind = 'cli' | 'mcp' | 'client'

/** First line of a connection, sent together with the first call. */
export type ClientHello = {
  hello: {
    wire: number
    version: string
    /** Hash of the contract, for diagnosis only. */
    contract: string
    caller: CallerKind
    /** The caller's directory, absolute. */
    cwd: string
    /** The caller's IANA time zone. */
    zone: string
    /** CODEX_THREAD_ID of the caller, a claim for audit only. */
    threadId?: string
    /** The CODEX_HOME that the caller means, absolute; absent where it does not know. */
    codexHome?: string
  }
}

/** First line of the answer. */
export type ServerHello = {
  hello: { wire: number; version: string; contract: string; pid: number }
}

/** A call. `callId` is the caller's: the same call made again carries the same id. */
export type WireRequest =
  | {
      id: number
      method: 'query' | 'mutation' | 'subscription'
      params: { path: string; input?: unknown; callId?: string; lastEventId?: string }
    }
  /** Ends the call of that id: its signal aborts; committed work stays. */
  | { id: number; method: 'cancel' }

/** tRPC's error shape, with our body in `data`. */
export type WireError = { code: number; message: string; data: ErrorBody }

/** An answer; `id` null is an error of the connection itself (a line that was no call). */
export type WireResponse =
  | { id: number; result: { data: unknown } }
  | { id: number; result: { type: 'started' } }
  | { id: number; result: { type: 'data'; id?: string; data: unknown } }
  | { id: number; result: { type: 'stopped' } }
  | { id: number | null; error: WireError }
