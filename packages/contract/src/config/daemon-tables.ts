// The tables that only the global configuration has: how the daemon behaves for all lanes. Every key
// has its default here, so that whoever reads a table reads it whole.
import { z } from 'zod'
import { laneToolOps } from '../lane-tool-ops.ts'
import { noticeEvents } from '../notify/notify.ts'

const count = (max: number) => z.number().int().min(0).max(max)
const seconds = z.number().positive().max(604_800)

/** What becomes of a request of Codex. */
const PolicyRule = z
  .strictObject({
    allow: z.literal(true).optional().describe('What fits is allowed'),
    deny: z.literal(true).optional().describe('What fits is denied'),
    command_prefix: z
      .union([
        z
          .string()
          // Whitespace parts the words; what a shell would act on can only be given word by word.
          .regex(/^\s*[^\s;&|<>()$`*?[\]{}~#!\\"']/, 'must be plain words, or a list of words')
          .regex(/^[^;&|<>()$`*?[\]{}~#!\\"'\n\r]+$/, 'must be plain words, or a list of words'),
        z.array(z.string().min(1)).min(1),
      ])
      .optional()
      .describe('Commands that begin so: words as they are typed, or as a list'),
    path: z.string().min(1).optional().describe('File changes at or below that path'),
    network: z.string().min(1).optional().describe('Network access to that host; * for any'),
  })
  .refine(({ allow, deny }) => (allow === undefined) !== (deny === undefined), {
    error: 'must have either allow = true or deny = true',
  })
  .refine(
    ({ command_prefix, path, network }) =>
      [command_prefix, path, network].filter((one) => one !== undefined).length === 1,
    { error: 'must have exactly one of command_prefix, path and network' },
  )

const Policy = z.strictObject({
  requests: z
    .enum(['attention', 'deny', 'permissive'])
    .default('attention')
    .describe('What becomes of a request that no rule fits: a person is asked, or it is answered'),
  request_timeout_seconds: seconds
    .optional()
    .describe('Seconds after which a request is declined; absent: it waits for ever'),
  rules: z.array(PolicyRule).max(500).default([]).describe('Rules; the first that fits decides'),
})

const Watchdog = z.strictObject({
  silence_seconds: seconds
    .default(600)
    .describe(
      'Seconds without a sign of life after which a turn is stalled; a command that runs is one',
    ),
  interrupt: z.boolean().default(false).describe('Whether a stalled turn is interrupted'),
})

// Codex gives a 429 up at once: with fewer tries an outage of a minute would hold every queue. 8 of them
// bridge four minutes.
const Retry = z.strictObject({
  attempts: count(100).default(8).describe('How often a turn that time heals is tried again'),
  cap_seconds: seconds.default(300).describe('Seconds between two attempts at most'),
})

const Limits = z.strictObject({
  max_active_turns: count(10_000)
    .min(1)
    .optional()
    .describe('How many lanes work at once; absent: all that want to'),
})

const Index = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether texts are indexed for query'),
})

const Retention = z.strictObject({
  events_days: count(36_500).default(14).describe('Days that events are kept'),
  events_rows: count(1_000_000_000).default(1_000_000).describe('Events that are kept at most'),
  audit_days: count(36_500)
    .default(90)
    .describe(
      'Days that the audit trail is kept, and idempotency keys, answered requests and receipts of messages that led to no turn',
    ),
  archived_days: count(36_500)
    .default(90)
    .describe(
      "Days that dispatch's own copy of what was said in a lane is kept after it was archived; Codex keeps its own",
    ),
})

const LaneTools = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Whether new lanes get the tools of dispatch, and whether calls of them are answered',
    ),
  ops: z
    .array(z.enum(laneToolOps))
    .max(100)
    .optional()
    .describe('The ops that they get, in place of new, list, get, send, wait, last, tail and stop'),
  max_depth: count(100).default(3).describe('How deep lanes may make lanes; 0: they make none'),
  max_children: count(1_000).default(10).describe('Live lanes that one lane may have made'),
  max_below: count(10_000)
    .default(64)
    .describe('Live lanes below one lane that no agent made, whoever of them made them'),
  messages_per_minute: count(10_000)
    .default(30)
    .describe('Messages that one lane may send within a minute; a lane that it makes is one'),
  wait_seconds: seconds
    .max(86_400)
    .default(300)
    .describe('Seconds that one call of a tool waits at most for other lanes'),
})

const Notify = z.strictObject({
  command: z
    .array(z.string().min(1).max(4_096))
    .min(1)
    .max(64)
    .optional()
    .describe(
      'The program that tells a person, with its arguments; absent: nobody is told. It gets the text in DISPATCH_TEXT and JSON on its input',
    ),
  on: z
    .array(z.enum(noticeEvents))
    .max(noticeEvents.length)
    .default([
      'request.opened',
      'turn.completed',
      'turn.failed',
      'turn.interrupted',
      'lane.stalled',
      'trigger.disabled',
    ])
    .describe('The events that are told; turn.interrupted only of turns that nobody stopped'),
})

const Codex = z.strictObject({
  bin: z.string().min(1).optional().describe('The codex program; else DISPATCH_CODEX, then PATH'),
  connection: z
    .enum(['own', 'shared', 'stdio'])
    .default('own')
    .describe(
      "own: an App Server of dispatch. shared: Codex's own, which its apps use. stdio: a child",
    ),
})

const Daemon = z.strictObject({
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a variable name'), z.string())
    .default({})
    .describe("Variables of the daemon's environment, over its starter's"),
})

/** The global tables, each with its keys and their defaults. */
export const daemonTables = {
  policy: Policy.describe('Requests of Codex'),
  watchdog: Watchdog.describe('Turns that fall silent'),
  retry: Retry.describe('Turns that failed for a reason that time heals'),
  limits: Limits.describe('Bounds over all lanes'),
  index: Index.describe('The full-text index'),
  retention: Retention.describe('How long what is kept'),
  lane_tools: LaneTools.describe('Tools that agents in lanes get'),
  notify: Notify.describe('Telling a person what happens'),
  codex: Codex.describe('The Codex that is run'),
  daemon: Daemon.describe("The daemon's process"),
} as const

/** The global tables with every default in place. */
export const DaemonConfig = z.strictObject(daemonTables)

export type DaemonConfig = z.output<typeof DaemonConfig>
