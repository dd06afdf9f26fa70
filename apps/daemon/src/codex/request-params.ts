// The parameters of Codex's requests, as far as they are shown or acted on. What is odd about a part
// becomes null: the request itself must not be missed.
import { z } from 'zod'

const orNull = <S extends z.ZodType>(schema: S) =>
  schema
    .nullish()
    .catch(null)
    .transform((value) => value ?? null)

const text = orNull(z.string())
const words = orNull(z.array(z.string()))

/** Where a request comes from. */
export const Place = z.looseObject({
  threadId: z.string(),
  turnId: text,
  itemId: text,
})

/** The parameters that are acted on. */
export const Command = Place.extend({
  kind: text,
  command: text,
  cwd: text,
  reason: text,
  proposedExecpolicyAmendment: words,
  networkApprovalContext: orNull(z.looseObject({ host: z.string(), protocol: z.string() })),
  proposedNetworkPolicyAmendments: orNull(
    z.array(z.looseObject({ host: z.string(), action: z.string() })),
  ),
  additionalPermissions: z.unknown().optional(),
})

/** The parameters that are acted on. */
export const Files = Place.extend({ reason: text, grantRoot: text })
/** The parameters that are acted on. */
export const Permissions = Place.extend({
  cwd: text,
  reason: text,
  permissions: z.unknown().optional(),
})

/** The parameters that are acted on. */
export const Questions = Place.extend({
  questions: z.array(
    z.looseObject({
      id: z.string(),
      header: z.string().catch(''),
      question: z.string().catch(''),
      isOther: z.boolean().catch(false),
      isSecret: z.boolean().catch(false),
      options: orNull(
        z.array(z.looseObject({ label: z.string(), description: z.string().catch('') })),
      ),
    }),
  ),
})

/** The parameters that are acted on. */
export const Elicitation = Place.extend({
  serverName: z.string().catch(''),
  mode: z.string(),
  message: text,
  title: text,
  description: text,
  url: text,
  requestedSchema: orNull(z.record(z.string(), z.unknown())),
  _meta: orNull(
    z.looseObject({
      codex_approval_kind: text,
      persist: words,
      tool_name: text,
      tool_params: z.unknown().optional(),
    }),
  ),
})

/** The parameters that are acted on. */
export const CalledTool = z.looseObject({
  threadId: z.string(),
  turnId: z.string(),
  callId: z.string(),
  tool: z.string(),
  arguments: z.unknown().optional(),
})

/** The parameters that are acted on. */
export const LegacyCommand = z.looseObject({
  conversationId: z.string(),
  callId: text,
  command: z.array(z.string()),
  cwd: text,
  reason: text,
})

/** The parameters that are acted on. */
export const LegacyFiles = z.looseObject({
  conversationId: z.string(),
  callId: text,
  fileChanges: z.unknown().optional(),
  reason: text,
  grantRoot: text,
})
