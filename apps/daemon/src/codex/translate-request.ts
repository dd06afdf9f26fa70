// Requests of Codex in our words: what is asked, bounded, and which decisions are taken. What would be
// a secret (a challenge, an answer) is left out.
import type { RequestAsk, RequestDecision, RequestKind } from '@dispatch/contract'
import { commandToShown } from '@dispatch/contract/command-line'
import type { z } from 'zod'
import type { ToolCall } from './asked.ts'
import {
  CalledTool,
  Command,
  Elicitation,
  Files,
  LegacyCommand,
  LegacyFiles,
  Permissions,
  Place,
  Questions,
} from './request-params.ts'
import { makeTextBudget, type TextBudget } from './text-budget.ts'
import { type FileChange, legacyToChanges } from './translate-changes.ts'
import { profileToPermissions } from './translate-permissions.ts'

/** A request in our words. */
export type RequestFact = {
  threadId: string
  turnId: string | null
  itemId: string | null
  ask: RequestAsk
}

type Part = { kind: RequestKind; summary: string; offered: RequestDecision[] } & Partial<RequestAsk>
type Told = { part: Part; place: Omit<RequestFact, 'ask'> }
type Context = { budget: TextBudget; changes: readonly FileChange[] | null }
type Tell = (params: unknown, context: Context) => Told | null

const SUMMARY_MAX = 200

const oneLine = (value: string): string => {
  const line = value.replace(/\s+/g, ' ').trim()
  return line.length <= SUMMARY_MAX ? line : `${line.slice(0, SUMMARY_MAX - 1)}…`
}

const telling =
  <S extends z.ZodType<Omit<RequestFact, 'ask'>>>(
    schema: S,
    toPart: (params: z.output<S>, context: Context) => Part,
  ): Tell =>
  (raw, context) => {
    const parsed = schema.safeParse(raw)
    if (!parsed.success) return null
    const { threadId, turnId, itemId } = parsed.data
    return { part: toPart(parsed.data, context), place: { threadId, turnId, itemId } }
  }

const fourWays: RequestDecision[] = ['approve', 'approve_for_session', 'deny', 'deny_and_cancel']

const commandToPart = (params: z.output<typeof Command>, { budget }: Context): Part => {
  const { networkApprovalContext: network } = params
  const command = budget.text(params.command)
  const shown = command === null ? (params.kind ?? 'command') : commandToShown(command)
  const allowed = params.proposedNetworkPolicyAmendments?.find(({ action }) => action === 'allow')
  const proposed = params.proposedExecpolicyAmendment
  const rule = proposed?.length ? proposed : allowed ? [allowed.host] : null
  const asksMore = params.additionalPermissions != null
  return {
    kind: 'command',
    summary: oneLine(network ? `network: ${network.host}` : shown),
    command,
    cwd: params.cwd,
    reason: budget.text(params.reason),
    network: network && { host: network.host, protocol: network.protocol },
    permissions: asksMore ? profileToPermissions(params.additionalPermissions) : null,
    rule,
    offered: [
      'approve',
      'approve_for_session',
      ...(rule === null ? [] : (['approve_with_rule'] as const)),
      'deny',
      'deny_and_cancel',
    ],
  }
}

const changesToPart = (
  changes: readonly FileChange[] | null,
  asked: { reason: string | null; grantRoot: string | null },
  budget: TextBudget,
): Part => ({
  kind: 'file_change',
  summary: oneLine(
    changes === null || changes.length === 0
      ? `files${asked.grantRoot ? ` below ${asked.grantRoot}` : ''}`
      : changes.map(({ change, path }) => `${change} ${path}`).join(', '),
  ),
  reason: budget.text(asked.reason),
  grantRoot: asked.grantRoot,
  changes: changes?.map((change) => ({ ...change, diff: budget.text(change.diff) ?? '' })) ?? null,
  offered: fourWays,
})

const permissionsToPart = (params: z.output<typeof Permissions>, { budget }: Context): Part => {
  const permissions = profileToPermissions(params.permissions)
  const files = permissions.files.map(({ access, path }) => `${access} ${path}`)
  return {
    kind: 'permissions',
    summary: oneLine([...(permissions.network ? ['network'] : []), ...files].join(', ')),
    cwd: params.cwd,
    reason: budget.text(params.reason),
    permissions,
    offered: ['approve', 'approve_for_session', 'respond', 'deny'],
  }
}

const questionsToPart = (params: z.output<typeof Questions>, { budget }: Context): Part => ({
  kind: 'question',
  summary: oneLine(params.questions.map(({ question }) => question).join(' ')),
  questions: params.questions.map((one) => ({
    id: one.id,
    header: budget.text(one.header) ?? '',
    question: budget.text(one.question) ?? '',
    options:
      one.options?.map(({ label, description }) => ({
        label,
        description: budget.text(description) ?? '',
      })) ?? null,
    other: one.isOther,
    secret: one.isSecret,
  })),
  offered: ['respond', 'deny'],
})

const hasFields = (form: Record<string, unknown>): boolean => {
  const { properties } = form
  return typeof properties === 'object' && properties !== null && Object.keys(properties).length > 0
}

const toolToPart = (params: z.output<typeof Elicitation>, { budget }: Context): Part => {
  const persist = params._meta?.persist ?? []
  const tool = params._meta?.tool_name ?? null
  return {
    kind: 'tool',
    summary: oneLine(`${params.serverName}.${tool ?? '?'}`),
    server: params.serverName,
    tool,
    arguments: budget.json(params._meta?.tool_params),
    message: budget.text(params.message),
    rule: persist.includes('always') ? [`${params.serverName}.${tool ?? '?'}`] : null,
    offered: [
      'approve',
      ...(persist.includes('session') ? (['approve_for_session'] as const) : []),
      ...(persist.includes('always') ? (['approve_with_rule'] as const) : []),
      'deny',
    ],
  }
}

const isToolApproval = ({ _meta: meta }: z.output<typeof Elicitation>): boolean =>
  meta?.codex_approval_kind === 'mcp_tool_call'

const elicitationToPart = (params: z.output<typeof Elicitation>, context: Context): Part => {
  if (isToolApproval(params)) return toolToPart(params, context)
  const { budget } = context
  const message = params.message ?? [params.title, params.description].filter(Boolean).join(': ')
  const form = params.mode === 'url' ? null : budget.json(params.requestedSchema)
  const isForm = typeof form === 'object' && form !== null
  return {
    kind: 'elicitation',
    summary: oneLine(`${params.serverName}: ${message}`),
    server: params.serverName,
    message: budget.text(message),
    url: params.mode === 'url' ? params.url : null,
    form: isForm ? (form as Record<string, unknown>) : null,
    offered: [
      ...(params.mode === 'url' || (isForm && !hasFields(form as Record<string, unknown>))
        ? (['approve'] as const)
        : []),
      ...(isForm && hasFields(form as Record<string, unknown>) ? (['respond'] as const) : []),
      'deny',
    ],
  }
}

const legacyPlace = (params: { conversationId: string; callId: string | null }) => ({
  threadId: params.conversationId,
  turnId: null,
  itemId: params.callId,
})

const tellers: Record<string, Tell> = {
  'item/commandExecution/requestApproval': telling(Command, commandToPart),
  'item/fileChange/requestApproval': telling(Files, (params, { changes, budget }) =>
    changesToPart(changes, params, budget),
  ),
  'item/permissions/requestApproval': telling(Permissions, permissionsToPart),
  'item/tool/requestUserInput': telling(Questions, questionsToPart),
  'mcpServer/elicitation/request': telling(Elicitation, elicitationToPart),
  execCommandApproval: (raw, { budget }) => {
    const parsed = LegacyCommand.safeParse(raw)
    if (!parsed.success) return null
    const command = parsed.data.command.map((word) => quoted(word)).join(' ')
    const part: Part = {
      kind: 'command',
      summary: oneLine(commandToShown(command)),
      command: budget.text(command),
      cwd: parsed.data.cwd,
      reason: budget.text(parsed.data.reason),
      offered: fourWays,
    }
    return { part, place: legacyPlace(parsed.data) }
  },
  applyPatchApproval: (raw, { budget }) => {
    const parsed = LegacyFiles.safeParse(raw)
    if (!parsed.success) return null
    const changes = legacyToChanges(parsed.data.fileChanges)
    return { part: changesToPart(changes, parsed.data, budget), place: legacyPlace(parsed.data) }
  },
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

const nothing = {
  reason: null,
  command: null,
  cwd: null,
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
}

/** A request in our words, with the changes of its item where they are known; null for what is none. */
export const requestToFact = (
  method: string,
  params: unknown,
  changes: (threadId: string, itemId: string | null) => readonly FileChange[] | null,
): RequestFact | null => {
  const tell = Object.hasOwn(tellers, method) ? tellers[method] : undefined
  const place = Place.safeParse(params)
  const known = place.success ? changes(place.data.threadId, place.data.itemId) : null
  const budget = makeTextBudget()
  const told = tell?.(params, { budget, changes: known })
  if (!told) return null
  return {
    ...told.place,
    ask: { ...nothing, ...told.part, method, truncated: budget.isSpent() },
  }
}

/** A call of a tool, in our words; null for what is none. */
export const requestToToolCall = (params: unknown): Omit<ToolCall, 'rpcId'> | null => {
  const parsed = CalledTool.safeParse(params)
  if (!parsed.success) return null
  const { threadId, turnId, callId, tool, arguments: given } = parsed.data
  return { threadId, turnId, callId, tool, arguments: given }
}

/** The thread that a request names, whatever else it says. */
export const requestToThread = (params: unknown): string | null => {
  const { threadId, conversationId } = (params ?? {}) as Record<string, unknown>
  const id = threadId ?? conversationId
  return typeof id === 'string' ? id : null
}
