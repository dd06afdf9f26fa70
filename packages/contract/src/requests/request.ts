// A request: something that Codex asks a person, with all that the person needs to decide.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'

/** What kind of thing is asked. */
export const RequestKind = z.enum([
  'command',
  'file_change',
  'permissions',
  'tool',
  'question',
  'elicitation',
])

/** How a request stands. */
export const RequestState = z.enum([
  'pending',
  'answered',
  'expired',
  'elsewhere',
  'withdrawn',
  'lost',
])

/** What may be said to a request. */
export const RequestDecision = z.enum([
  'approve',
  'approve_for_session',
  'approve_with_rule',
  'respond',
  'deny',
  'deny_and_cancel',
  'cancel',
])

const Change = z.strictObject({
  path: z.string().describe('The file'),
  change: z.string().describe('add, delete or update'),
  movedTo: z.string().nullable().describe('Where the file is moved to, or null'),
  diff: z.string().describe('The diff; the whole text of a new file'),
})

const Network = z.strictObject({
  host: z.string().describe('The host that is to be reached'),
  protocol: z.string().describe('http, https or another one'),
})

const FileAccess = z.strictObject({
  access: z.string().describe('read, write or another word of Codex'),
  path: z.string().describe('The path, a pattern, or the name of a special place'),
})

const Permissions = z.strictObject({
  network: z.boolean().describe('Whether network access is asked for'),
  files: z.array(FileAccess).describe('The file access that is asked for'),
})

const Question = z.strictObject({
  id: z.string().describe('The key of its answer'),
  header: z.string().describe('A word or two'),
  question: z.string().describe('The question'),
  options: z
    .array(
      z.strictObject({
        label: z.string().describe('What is answered'),
        description: z.string().describe('What it means'),
      }),
    )
    .nullable()
    .describe('The answers to choose from, or null for free text'),
  other: z.boolean().describe('Whether another answer than the options is taken'),
  secret: z.boolean().describe('Whether the answer is a secret; no answer is ever stored'),
})

/** What is asked; what a kind does not have is null. */
export const RequestAsk = z.strictObject({
  kind: RequestKind.describe('command, file_change, permissions, tool, question or elicitation'),
  method: z.string().describe("Codex's own name of the request"),
  summary: z.string().describe('What is asked, in one line'),
  reason: z.string().nullable().describe('Why, in the words of the model or of Codex, or null'),
  command: z.string().nullable().describe('The command line as it would be run, or null'),
  cwd: z.string().nullable().describe('Where it would be run, or null'),
  changes: z.array(Change).nullable().describe('The file changes, or null where none are known'),
  grantRoot: z.string().nullable().describe('Directory to be opened for writing, or null'),
  network: Network.nullable().describe('What is to be reached over the network, or null'),
  permissions: Permissions.nullable().describe('Access that is asked for, or null'),
  rule: z
    .array(z.string())
    .nullable()
    .describe('What --with-rule would allow in all lanes from then on, or null'),
  server: z.string().nullable().describe('The MCP server that asks, or null'),
  tool: z.string().nullable().describe('The MCP tool that is to be called, or null'),
  arguments: z.unknown().describe('Its arguments, or null'),
  message: z.string().nullable().describe('The message of an MCP server, or null'),
  url: z.string().nullable().describe('The page that an MCP server sends the person to, or null'),
  form: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('JSON Schema of the answer that an MCP server wants, or null'),
  questions: z.array(Question).nullable().describe('The questions, or null'),
  truncated: z.boolean().describe('Whether texts were cut here because they are very long'),
  offered: z.array(RequestDecision).describe('The decisions that are taken'),
})

/** A request with its fate. */
export const Request = z.strictObject({
  id: z.string().describe('The id of the request'),
  lane: z
    .strictObject({
      ref: z.string().describe('Ref of the lane'),
      id: z.string().describe('Thread id of the lane'),
      handle: z.string().describe('Handle of the lane'),
    })
    .nullable()
    .describe('The lane, or null where the thread is of no lane'),
  threadId: z
    .string()
    .describe("The thread that asks: the lane's own, or that of a sub-agent of the lane"),
  turnId: z.string().nullable().describe('The turn that waits for it, or null'),
  itemId: z.string().nullable().describe('The item that it is about, or null'),
  state: RequestState.describe(
    'pending, answered, expired, elsewhere, withdrawn or lost; the concepts explain them',
  ),
  decision: RequestDecision.nullable().describe('What was said to it, or null'),
  answeredBy: z
    .string()
    .nullable()
    .describe('cli, mcp, client, lane, policy or timeout; null where nobody of ours answered'),
  policyRule: z.string().nullable().describe('The rule or mode of the policy that answered'),
  ...RequestAsk.shape,
  createdAt: Timestamp.describe('When Codex asked'),
  expiresAt: Timestamp.nullable().describe('When it is declined by itself, or null'),
  closedAt: Timestamp.nullable().describe('When it was pending no more, or null'),
})

export type RequestKind = z.output<typeof RequestKind>
export type RequestState = z.output<typeof RequestState>
export type RequestDecision = z.output<typeof RequestDecision>
export type RequestAsk = z.output<typeof RequestAsk>
export type Request = z.output<typeof Request>
