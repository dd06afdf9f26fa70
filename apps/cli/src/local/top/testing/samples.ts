// Lanes, requests, messages and triggers as the daemon gives them, for tests: everything that is not said
// is plain.
import type { LaneDetail, LaneSummary, Request, TranscriptItem, Trigger } from '@dispatch/contract'
import { changed } from '../model/change.ts'
import { initialState, type TopState, type Waiting } from '../model/state.ts'

/** The time of the samples. */
export const NOW = Date.parse('2026-03-01T12:00:00.000Z')

const identity = (name: string) => ({
  ref: `0${name.slice(0, 5).padEnd(5, 'x')}`,
  id: `id-${name}`,
  handle: `@${name}`,
  title: `[repo] ${name}`,
  managed: true,
  source: 'own' as const,
  cwd: `/work/${name}`,
})

/** A lane of that name. */
export const lane = (name: string, more: Partial<LaneSummary> = {}): LaneSummary => ({
  ...identity(name),
  status: 'idle',
  ephemeral: false,
  writable: true,
  writeLockedReason: null,
  flags: { held: false, stalled: false, runningElsewhere: false },
  stalledReason: null,
  model: 'gpt-5',
  activeTurn: null,
  latestTurn: null,
  goalStatus: null,
  pendingRequests: 0,
  sync: {
    ...{ state: 'unknown', lastSyncedAt: null, sourcePath: null, sourceSize: null },
    ...{ latestEventAt: null, latestTurnId: null, transcriptPartial: true, preview: null },
    ...{ model: null, error: null },
  },
  createdAt: '2026-03-01T11:00:00.000Z',
  updatedAt: '2026-03-01T11:55:00.000Z',
  ...more,
})

/** Everything of a lane. */
export const detail = (name: string, more: Partial<LaneDetail> = {}): LaneDetail =>
  ({
    ...lane(name),
    settings: {},
    effective: null,
    usage: null,
    lastMessage: null,
    goal: null,
    queue: {
      count: 0,
      head: null,
      held: false,
      heldFor: null,
      holdDetail: null,
      nextAttemptAt: null,
    },
    deliveries: [],
    requests: [],
    transcript: null,
    ...more,
  }) as LaneDetail

/** A request of that lane to run a command. */
export const request = (id: string, name: string, more: Partial<Request> = {}): Request => ({
  id,
  lane: { ref: identity(name).ref, id: `id-${name}`, handle: `@${name}` },
  threadId: `id-${name}`,
  turnId: 't',
  itemId: 'i',
  state: 'pending',
  decision: null,
  answeredBy: null,
  policyRule: null,
  kind: 'command',
  method: 'item/commandExecution/requestApproval',
  summary: 'npm test',
  reason: 'to see',
  command: 'npm test',
  cwd: '/work',
  changes: null,
  grantRoot: null,
  network: null,
  permissions: null,
  rule: null,
  server: null,
  tool: null,
  arguments: null,
  message: null,
  url: null,
  form: null,
  questions: null,
  truncated: false,
  offered: ['approve', 'approve_for_session', 'deny'],
  createdAt: '2026-03-01T11:59:00.000Z',
  expiresAt: null,
  closedAt: null,
  ...more,
})

/** A message that waits for that lane. */
export const waiting = (id: string, name: string, more: Partial<Waiting> = {}): Waiting => ({
  id,
  laneId: `id-${name}`,
  mode: 'queue',
  state: 'queued',
  outcome: null,
  turnId: null,
  landed: null,
  textLength: 5,
  createdAt: '2026-03-01T11:58:00.000Z',
  acceptedAt: null,
  retryOf: null,
  nextAttemptAt: null,
  failure: null,
  ref: identity(name).ref,
  handle: `@${name}`,
  position: 1,
  preview: 'later',
  ageSeconds: 120,
  attempt: 0,
  hold: null,
  ...more,
})

/** A trigger of that name on that lane. */
export const trigger = (name: string, on: string, more: Partial<Trigger> = {}): Trigger => ({
  id: `id-${name}`,
  name,
  enabled: true,
  state: 'active',
  reason: null,
  when: 'interval',
  schedule: 'every 10 min',
  seconds: 600,
  cron: null,
  timezone: null,
  at: null,
  on: null,
  outcomes: [],
  action: 'send',
  lane: { ...identity(on), status: 'idle' },
  presets: [],
  cwd: null,
  text: 'go on',
  template: false,
  idleOnly: false,
  minIntervalSeconds: null,
  dedupe: false,
  overlap: 'skip',
  catchUp: 'latest',
  jitterSeconds: null,
  until: null,
  maxFires: null,
  fires: 3,
  failures: 0,
  backoffUntil: null,
  createdAt: '2026-03-01T11:00:00.000Z',
  updatedAt: '2026-03-01T11:00:00.000Z',
  lastFiredAt: '2026-03-01T11:50:00.000Z',
  lastOutcome: null,
  nextAt: '2026-03-01T12:04:00.000Z',
  ...more,
})

/** An item that was said. */
export const item = (id: string, text: string, more: Partial<TranscriptItem> = {}) => ({
  id,
  turnId: 't',
  type: 'agentMessage',
  text,
  status: null,
  startedAt: null,
  completedAt: '2026-03-01T11:59:30.000Z',
  ...more,
})

/** A state with those lanes. */
export const stateOf = (lanes: readonly LaneSummary[], rows = 24, columns = 80): TopState =>
  changed(initialState({ columns, rows }), { kind: 'lanes', lanes })
