// Who made a call and under which circumstances: what every service method gets beside its input.

/** The circumstances of one call. */
export type Call = {
  /** The caller's own id of this call, a UUIDv7. What an op creates takes this id, so the same call made again creates nothing. */
  id: string
  caller: 'cli' | 'mcp' | 'client' | 'lane' | 'trigger'
  /** The caller's directory, absolute. */
  cwd: string
  /** The caller's IANA time zone. */
  zone: string
  /** The Codex thread that the caller runs in; over the socket a claim, for audit only. */
  threadId: string | null
  /** The CODEX_HOME that the caller means, absolute; null or absent where it does not know. */
  codexHome?: string | null
  /** The cursor that a subscription resumes after, when a client reconnects. */
  after: string | null
  /** Aborts when the caller cancels or its connection ends: ends waiting and reading, never committed work. */
  signal: AbortSignal
}

/** The reason of the signal of a call whose caller gave it up; of a connection that was lost it is another. */
export class Cancelled extends Error {
  constructor() {
    super('The caller gave the call up.')
    this.name = 'Cancelled'
  }
}
