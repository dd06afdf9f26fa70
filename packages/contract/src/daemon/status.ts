// daemon status, and the hidden shutdown that down and restart use.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'
import { IndexState } from '../sessions/index-state.ts'

/** How the daemon stands with the App Server. */
const CodexState = z.enum(['starting', 'ready', 'reconnecting', 'unavailable', 'stopped'])

export const CodexStatus = z.strictObject({
  state: CodexState.describe('ready: calls are answered'),
  connection: z.enum(['own', 'shared', 'stdio']).describe('How dispatch reaches it'),
  binary: z.string().nullable().describe('The codex that was found, or null'),
  version: z.string().nullable().describe('Version of the running App Server, or null'),
  stale: z.boolean().describe('Whether the running App Server is older than the installed Codex'),
  pid: z.number().int().nullable().describe('Its process, or null'),
  socket: z.string().nullable().describe('Its socket, or null'),
  home: z.string().describe('CODEX_HOME'),
  error: z.string().nullable().describe('What is wrong, or null'),
})

export const DaemonStatusInput = z.strictObject({})

export const DaemonStatus = z.strictObject({
  status: z.enum(['running', 'degraded']).describe('degraded: Codex does not answer'),
  pid: z.number().int().describe('Process of the daemon'),
  version: z.string().describe('Version of the daemon'),
  startedAt: Timestamp.describe('When it started'),
  uptimeSeconds: z.number().describe('Seconds since'),
  home: z.string().describe('DISPATCH_HOME'),
  socket: z.string().describe('Control socket'),
  database: z.string().describe('Registry'),
  pidfile: z.string().describe('Pid file'),
  log: z.string().describe('Log file'),
  path: z.string().describe('PATH of the daemon'),
  codex: CodexStatus.describe('The App Server'),
  lanes: z
    .strictObject({
      total: z.number().int().describe('Lanes that are not archived'),
      busy: z.number().int().describe('Lanes with an active turn'),
      waitingApproval: z.number().int().describe('Lanes that wait for a person'),
      error: z.number().int().describe('Lanes whose last turn failed'),
      stalled: z.number().int().describe('Lanes whose turn has been silent for too long'),
      held: z.number().int().describe('Lanes that hold what waits for them, or would'),
    })
    .describe('Lanes by status'),
  deliveries: z
    .strictObject({
      queued: z.number().int().describe('That wait for their turn'),
      submitting: z.number().int().describe('On their way'),
      ambiguous: z.number().int().describe('That need a person'),
    })
    .describe('Unsettled deliveries'),
  queues: z
    .strictObject({
      lanes: z.number().int().describe('Lanes for which messages wait'),
      held: z.number().int().describe('Those of them that hold them'),
    })
    .describe('What waits, by lane'),
  requests: z
    .strictObject({ pending: z.number().int().describe('That wait for a person') })
    .describe('Requests of Codex'),
  triggers: z
    .strictObject({
      total: z.number().int().describe('All triggers'),
      enabled: z.number().int().describe('That fire'),
      disabled: z.number().int().describe('That dispatch gave up'),
      failing: z.number().int().describe('Active ones whose last tries failed'),
    })
    .describe('Triggers by state'),
  index: IndexState.describe('The full-text index of query'),
  connections: z.number().int().describe('Open control connections'),
  followers: z.number().int().describe('Open subscriptions'),
  lastCursor: z.string().describe('Cursor of the newest event'),
  unknownNotifications: z
    .record(z.string(), z.number())
    .describe('Notifications that this dispatch does not know, by method'),
  warnings: z.array(z.string()).describe('What a person should look at'),
})

export const ShutdownInput = z.strictObject({
  codex: z.boolean().describe('Whether the App Server ends too'),
  drain: z.boolean().optional().describe('Wait until no turn runs'),
  force: z.boolean().optional().describe('End although turns run'),
})

export const ShutdownPlan = z.strictObject({
  destroys: z.boolean().describe('Whether it cuts what runs'),
  losses: z.array(z.string()).describe('What would be cut, a sentence each'),
  waitsFor: z
    .array(
      z.strictObject({
        ref: z.string().describe('Its ref'),
        handle: z.string().describe('Its handle'),
        asks: z.boolean().describe('Whether it asks a person: then it may wait for ever'),
      }),
    )
    .describe('Lanes that a drain waits for'),
})

export const ShutdownResult = z.strictObject({
  pid: z.number().int().describe('The process that ends'),
  codexPid: z.number().int().nullable().describe('The App Server that ends, or null'),
})

export type CodexStatus = z.output<typeof CodexStatus>
export type DaemonStatusInput = z.output<typeof DaemonStatusInput>
export type DaemonStatus = z.output<typeof DaemonStatus>
export type ShutdownInput = z.output<typeof ShutdownInput>
export type ShutdownPlan = z.output<typeof ShutdownPlan>
export type ShutdownResult = z.output<typeof ShutdownResult>
