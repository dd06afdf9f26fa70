// What was decided about a request, as Codex wants to hear it.
import type { CodexServerParams, CodexServerResponse, protocol } from '@dispatch/codex-client'
import type { RequestDecision } from '@dispatch/contract'
import type { Answer } from './asked.ts'
import { profileToPermissions, grantToResponse } from './translate-permissions.ts'

/** The methods that somebody decides about. */
export const askedMethods = [
  'item/commandExecution/requestApproval',
  'item/fileChange/requestApproval',
  'item/permissions/requestApproval',
  'item/tool/requestUserInput',
  'mcpServer/elicitation/request',
  'execCommandApproval',
  'applyPatchApproval',
] as const

/** A method that somebody decides about. */
export type AskedMethod = (typeof askedMethods)[number]

type Params<M extends AskedMethod> = CodexServerParams<M>
type ToResponse<M extends AskedMethod> = (
  answer: Answer,
  params: Params<M>,
) => CodexServerResponse<M>

// Whatever is not a yes is a no.
const fileDecision = (decision: RequestDecision): protocol.FileChangeApprovalDecision => {
  if (decision === 'approve') return 'accept'
  if (decision === 'approve_for_session') return 'acceptForSession'
  return decision === 'deny_and_cancel' ? 'cancel' : 'decline'
}

const commandDecision = (
  decision: RequestDecision,
  params: Params<'item/commandExecution/requestApproval'>,
): protocol.CommandExecutionApprovalDecision => {
  if (decision !== 'approve_with_rule') return fileDecision(decision)
  const words = params.proposedExecpolicyAmendment
  if (words?.length) return { acceptWithExecpolicyAmendment: { execpolicy_amendment: words } }
  const network = params.proposedNetworkPolicyAmendments?.find(({ action }) => action === 'allow')
  return network ? { applyNetworkPolicyAmendment: { network_policy_amendment: network } } : 'accept'
}

const legacyDecision = (
  decision: RequestDecision,
): CodexServerResponse<'execCommandApproval'>['decision'] => {
  if (decision === 'approve') return 'approved'
  if (decision === 'approve_for_session') return 'approved_for_session'
  if (decision === 'deny_and_cancel') return 'abort'
  return { denied: { rejection: 'rejected by user' } }
}

const persistence: Partial<Record<RequestDecision, string>> = {
  approve_for_session: 'session',
  approve_with_rule: 'always',
}

const elicitationResponse: ToResponse<'mcpServer/elicitation/request'> = ({ decision, form }) => {
  if (decision === 'cancel' || decision === 'deny_and_cancel') {
    return { action: 'cancel', content: null, _meta: null }
  }
  if (decision === 'deny') return { action: 'decline', content: null, _meta: null }
  const persist = persistence[decision]
  return {
    action: 'accept',
    // It came in as JSON.
    content: { ...form } as CodexServerResponse<'mcpServer/elicitation/request'>['content'],
    _meta: persist === undefined ? null : { persist },
  }
}

const permissionsResponse: ToResponse<'item/permissions/requestApproval'> = (answer, params) => {
  const { decision } = answer
  const asked = profileToPermissions(params.permissions)
  const whole = { network: asked.network, files: asked.files.map(({ path }) => path) }
  const isYes = decision === 'approve' || decision === 'approve_for_session'
  const grant = isYes
    ? { ...whole, forSession: decision === 'approve_for_session' }
    : (answer.grant ?? { network: false, files: [], forSession: false })
  return grantToResponse(params.permissions, grant)
}

const responses: { [M in AskedMethod]: ToResponse<M> } = {
  'item/commandExecution/requestApproval': ({ decision }, params) => ({
    decision: commandDecision(decision, params),
  }),
  'item/fileChange/requestApproval': ({ decision }) => ({ decision: fileDecision(decision) }),
  'item/permissions/requestApproval': permissionsResponse,
  'item/tool/requestUserInput': ({ decision, answers = {} }) => ({
    answers:
      decision === 'respond'
        ? Object.fromEntries(
            Object.entries(answers).map(([id, given]) => [id, { answers: [...given] }]),
          )
        : {},
  }),
  'mcpServer/elicitation/request': elicitationResponse,
  execCommandApproval: ({ decision }) => ({ decision: legacyDecision(decision) }),
  applyPatchApproval: ({ decision }) => ({ decision: legacyDecision(decision) }),
}

/** The response to a request. */
export const answerToResponse = <M extends AskedMethod>(
  method: M,
  params: Params<M>,
  answer: Answer,
): CodexServerResponse<M> => responses[method](answer, params)
