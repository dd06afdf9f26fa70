// The audit trail.
import type { AuditEntry, AuditQuery } from './audit-row.ts'

/** Repository of the audit trail. */
export type Audit = {
  append(entry: Omit<AuditEntry, 'id'>): AuditEntry
  /** The newest rows that fit, oldest first. */
  list(query: AuditQuery): AuditEntry[]
  /** Rows after that one, oldest first. */
  after(id: number, limit: number): AuditEntry[]
  /** Id of the newest row; 0 when there is none. */
  lastId(): number
}
