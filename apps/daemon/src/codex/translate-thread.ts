// Codex's threads in our words. Only the fields that we act on are checked.
import type { EffectiveSettings, LaneStatus } from '@dispatch/contract'
import { z } from 'zod'
import type { ThreadFact, ThreadStanding } from './thread-fact.ts'

const RawStatus = z.looseObject({
  type: z.string(),
  activeFlags: z.array(z.string()).optional(),
})

const RawThread = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  preview: z.string().nullish(),
  cwd: z.string(),
  status: RawStatus,
  source: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  ephemeral: z.boolean().nullish(),
  historyMode: z.string().nullish(),
  model: z.string().nullish(),
  modelProvider: z.string().nullish(),
  reasoningEffort: z.string().nullish(),
  path: z.string().nullish(),
  // Seconds, fractional on some servers.
  createdAt: z.number(),
  updatedAt: z.number(),
})
type RawThread = z.output<typeof RawThread>

/** Codex moves the file of an archived thread there; a thread says it nowhere else. */
const archivedFolder = /[/\\]archived_sessions[/\\]/

const standingOf = ({ type, activeFlags = [] }: RawThread['status']): ThreadStanding => {
  if (type === 'active') {
    return activeFlags.some((flag) => flag.startsWith('waitingOn')) ? 'waiting_approval' : 'busy'
  }
  if (type === 'systemError') return 'error'
  return type === 'idle' ? 'idle' : 'not-loaded'
}

/** How a thread stands, or null for what is no status. */
export const statusToStanding = (raw: unknown): ThreadStanding | null => {
  const parsed = RawStatus.safeParse(raw)
  return parsed.success ? standingOf(parsed.data) : null
}

const sourceOf = (source: RawThread['source']): string => {
  if (typeof source === 'string') return source
  if (typeof source?.custom === 'string') return source.custom
  return Object.keys(source ?? {})[0] ?? 'unknown'
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** A thread in our words, or null for what is none. */
export const threadToFact = (raw: unknown): ThreadFact | null => {
  const parsed = RawThread.safeParse(raw)
  if (!parsed.success) return null
  const thread = parsed.data
  return {
    id: thread.id,
    name: thread.name?.trim() ? thread.name : null,
    preview: oneLine(thread.preview ?? ''),
    cwd: thread.cwd,
    standing: standingOf(thread.status),
    source: sourceOf(thread.source),
    ephemeral: thread.ephemeral ?? false,
    archived: archivedFolder.test(thread.path ?? ''),
    paged: thread.historyMode !== 'legacy',
    model: thread.model ?? null,
    modelProvider: thread.modelProvider ?? null,
    effort: thread.reasoningEffort ?? null,
    path: thread.path ?? null,
    createdAt: Math.round(thread.createdAt * 1000),
    updatedAt: Math.round(thread.updatedAt * 1000),
  }
}

/** The status of a thread; what another process does with it nobody can tell. */
export const threadToStatus = (thread: ThreadFact, isElsewhere: boolean): LaneStatus => {
  if (thread.archived) return 'archived'
  if (thread.standing !== 'not-loaded') return thread.standing
  return isElsewhere ? 'unknown' : 'idle'
}

/** What is in force for a thread that is not loaded, as far as Codex tells. */
export const threadToEffective = (thread: ThreadFact): EffectiveSettings => ({
  model: thread.model,
  modelProvider: thread.modelProvider,
  effort: thread.effort,
  sandbox: null,
  approvalPolicy: null,
  serviceTier: null,
  approvalsReviewer: null,
})
