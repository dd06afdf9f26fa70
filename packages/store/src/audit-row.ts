// A row of the audit trail: who did what, by shape and never by content.

/** One row of `audit`; `at` in epoch ms. */
export type AuditEntry = {
  id: number
  at: number
  op: string
  threadId: string | null
  ref: string | null
  /** cli, mcp, client, lane, trigger or daemon. */
  actor: string
  /** `ok`, or the code of the error. */
  outcome: string
  detail: Record<string, unknown>
}

/** Which rows to read; absent or null means all. */
export type AuditQuery = {
  limit: number
  threadId?: string | null
  op?: string | null
  outcome?: string | null
  sinceMs?: number | null
}
