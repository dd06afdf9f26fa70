// The audit trail: one row for each writing op and each decision; texts by length and hash only.
import { createHash } from 'node:crypto'
import { type Call, Cancelled, toDispatchError } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Signal } from '../events/signal.ts'
import type { Log } from '../log/log.ts'
import type { AuditOutcome } from './outcome.ts'

type AuditLane = { threadId: string; ref: string }

/** A row before it is stored. */
export type AuditEntry = {
  op: string
  actor: string
  lane: AuditLane | null
  outcome: AuditOutcome
  detail: Record<string, unknown>
}

/** What an op adds to its row while it runs. */
export type AuditNote = {
  lane(lane: AuditLane): void
  detail(detail: Record<string, unknown>): void
}

/** The audit trail. */
export type Audit = {
  record(entry: AuditEntry): void
  /** Runs a writing op and records how it ended; what it throws goes on. One that nothing could record is not begun. */
  run<T>(op: string, call: Call, act: (note: AuditNote) => Promise<T>): Promise<T>
}

const characters = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** The shape of a text, as audit rows and receipts carry it: characters, as Codex counts them. */
export const textToShape = (text: string): { textLength: number; textHash: string } => ({
  textLength: characters(text),
  textHash: createHash('sha256').update(text).digest('hex').slice(0, 16),
})

// That a caller gave up, or was lost, is no fault of the op; a fault of its own is, before that and after.
const outcomeOf = (error: unknown, { signal }: Call): AuditOutcome => {
  const { code } = toDispatchError(error)
  if (code !== 'internal' || !signal.aborted || error !== signal.reason) return code
  return signal.reason instanceof Cancelled ? 'cancelled' : 'disconnected'
}

type AuditOptions = {
  store: Store
  clock: Clock
  log: Log
  appended: Signal
  /** Throws where a writing op cannot be done now. */
  refuse?: (op: string) => void
}

/** Makes the audit trail. */
export const makeAudit = (options: AuditOptions): Audit => {
  const append = (entry: AuditEntry): void => {
    options.store.audit.append({
      at: options.clock.now(),
      op: entry.op,
      actor: entry.actor,
      threadId: entry.lane?.threadId ?? null,
      ref: entry.lane?.ref ?? null,
      outcome: entry.outcome,
      detail: entry.detail,
    })
    options.appended.notify()
  }

  // What was done was done: a row that cannot be written changes no answer.
  const record = (entry: AuditEntry): void => {
    try {
      append(entry)
    } catch (error) {
      options.log.error('audit.failed', { error })
    }
  }

  return {
    record,
    run: async (op, call, act) => {
      options.refuse?.(op)
      let lane: AuditLane | null = null
      let detail: Record<string, unknown> = call.threadId ? { callerThread: call.threadId } : {}
      const end = (outcome: AuditOutcome): void =>
        record({ op, actor: call.caller, lane, outcome, detail: { callId: call.id, ...detail } })
      try {
        const result = await act({
          lane: ({ threadId, ref }) => {
            lane = { threadId, ref }
          },
          detail: (more) => {
            detail = { ...detail, ...more }
          },
        })
        end('ok')
        return result
      } catch (error) {
        end(outcomeOf(error, call))
        throw error
      }
    },
  }
}
