// What the rest of the daemon sees of Codex: a client when there is one, and how it stands. Types.
import type { CodexClient } from '@dispatch/codex-client'
import type { CodexStatus } from '@dispatch/contract'
import type { ServerInstance } from '@dispatch/store'

/** The daemon's connection to its app-server. */
export type CodexLink = {
  status(): CodexStatus
  /** The connected client; waits while a server is being started, else throws `app_server`. */
  client(signal?: AbortSignal): Promise<CodexClient>
  /** The connected client, or null. */
  current(): CodexClient | null
  /** The server that calls go to now, or null. */
  instance(): ServerInstance | null
  /** Tells the link that work ended: a stale server is replaced when nothing is open. */
  settled(): void
  /** Ends the server and starts another; one that is not ours is only joined anew. */
  replace(): Promise<void>
  /**
   * Lets the connection go although the server is well: what it says cannot be kept. It is joined again
   * when the daemon can write what a join writes. A plain child would end with it, and is kept.
   */
  withdraw(): void
  /** Tries again now, where a server is waited for. */
  again(): void
  /** Leaves for good and ends the server where it is ours; gives its pid. */
  end(): Promise<number | null>
}

/** What the link tells the daemon. */
export type LinkListener = {
  /** Connected; before any call is let through. `fresh`: a new server, so nothing runs in it. */
  joined(event: { client: CodexClient; fresh: boolean }): void
  /** The connection is gone. `dead`: so is the server. */
  lost(event: { dead: boolean; reason: string }): void
  /** Whether a turn or a request is open: only then is the server pinged. */
  hasOpenWork(): boolean
}
