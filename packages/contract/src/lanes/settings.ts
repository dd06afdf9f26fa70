// What a lane's turns run under. Stored with the lane and sent whole with every turn, because Codex
// keeps the override of one turn for all later ones.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Instructions, Seconds } from '../fields.ts'

/** What the agent's shell may touch. */
const Sandbox = z.enum(['read-only', 'workspace-write', 'danger-full-access'])

/** When Codex asks before it acts. */
const ApprovalPolicy = z.enum(['untrusted', 'on-request', 'never'])

/** Who looks at what Codex asks. */
const ApprovalsReviewer = z.enum(['user', 'auto_review', 'guardian_subagent'])

/** How much of the reasoning is told. */
const ReasoningSummary = z.enum(['auto', 'concise', 'detailed', 'none'])

/** Codex's own words for a manner of speaking. */
const Personality = z.enum(['none', 'friendly', 'pragmatic'])

/** What becomes of a request of Codex that no rule fits. */
const RequestMode = z.enum(['attention', 'deny', 'permissive'])

const utf8 = new TextEncoder()

/** A JSON Schema, bounded by its length as JSON. */
const OutputSchema = z
  .record(z.string(), z.unknown())
  .refine((schema) => utf8.encode(JSON.stringify(schema)).length <= bounds.outputSchema, {
    error: `must be at most ${bounds.outputSchema} bytes of JSON`,
  })

const label = z.string().trim().min(1).max(200)

/** Settings of one turn; a field that is absent is left to the lane, then to Codex. */
export const TurnSettings = z.strictObject({
  sandbox: Sandbox.optional().describe("What the agent's shell may touch"),
  approvalPolicy: ApprovalPolicy.optional().describe('When Codex asks before it acts'),
  approvalsReviewer: ApprovalsReviewer.optional().describe('Who looks at what Codex asks'),
  model: label.optional().describe('Model; Codex decides when absent'),
  effort: label.optional().describe('Reasoning effort; Codex decides when absent'),
  summary: ReasoningSummary.optional().describe('How much of the reasoning is told'),
  personality: Personality.optional().describe('Manner of speaking, where the model has several'),
  serviceTier: label.optional().describe('Service tier, such as fast; Codex decides when absent'),
  outputSchema: OutputSchema.optional()
    .meta({ json: true, fileFlag: 'output-schema-file' })
    .describe('JSON Schema that the final message fits'),
})

/** Settings of a lane. */
export const LaneSettings = TurnSettings.extend({
  modelProvider: label
    .optional()
    .describe("Provider of the model, as Codex's configuration calls it"),
  baseInstructions: Instructions.optional()
    .meta({ fileFlag: 'base-file' })
    .describe("Replaces Codex's base instructions"),
  developerInstructions: Instructions.optional()
    .meta({ fileFlag: 'developer-file' })
    .describe('Instructions beside the base ones'),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a variable name'), z.string())
    .optional()
    .meta({ pairs: true })
    .describe("Variables of the agent's shell, beside the core ones"),
  addDir: z
    .array(z.string().min(1))
    .optional()
    .meta({ path: true })
    .describe('Further directories that the agent may write to (workspace-write)'),
  requests: RequestMode.optional().describe(
    "What becomes of what Codex asks; attention: a person is asked. The [policy]'s when absent",
  ),
  requestTimeoutSeconds: Seconds.min(1)
    .optional()
    .describe("Seconds after which what nobody answered is declined. The [policy]'s when absent"),
  network: z
    .boolean()
    .optional()
    .describe(
      "Lets the agent's shell reach the network, dispatch's own socket included (workspace-write)",
    ),
})

/** What Codex reported as in force. */
export const EffectiveSettings = z.strictObject({
  model: z.string().nullable().describe('Model'),
  modelProvider: z.string().nullable().describe('Provider of the model'),
  effort: z.string().nullable().describe('Reasoning effort'),
  sandbox: z.string().nullable().describe('Sandbox'),
  approvalPolicy: z.string().nullable().describe('Approval policy'),
  serviceTier: z.string().nullable().describe('Service tier'),
  approvalsReviewer: z.string().nullable().default(null).describe('Who looks at what Codex asks'),
})

export type TurnSettings = z.output<typeof TurnSettings>
export type LaneSettings = z.output<typeof LaneSettings>
export type EffectiveSettings = z.output<typeof EffectiveSettings>
