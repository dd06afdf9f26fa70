// The requests that Codex makes of us: method -> what it expects back. The list and the generated
// union are the same set, which the compiler checks both ways. Types, and the lookup of a handler.
import type { RequestHandler } from './answers.ts'
import type { ApplyPatchApprovalResponse } from './generated/ApplyPatchApprovalResponse.ts'
import type { ExecCommandApprovalResponse } from './generated/ExecCommandApprovalResponse.ts'
import type { ServerRequest } from './generated/ServerRequest.ts'
import type { AttestationGenerateResponse } from './generated/v2/AttestationGenerateResponse.ts'
import type { ChatgptAuthTokensRefreshResponse } from './generated/v2/ChatgptAuthTokensRefreshResponse.ts'
import type { CommandExecutionRequestApprovalResponse } from './generated/v2/CommandExecutionRequestApprovalResponse.ts'
import type { CurrentTimeReadResponse } from './generated/v2/CurrentTimeReadResponse.ts'
import type { DynamicToolCallResponse } from './generated/v2/DynamicToolCallResponse.ts'
import type { FileChangeRequestApprovalResponse } from './generated/v2/FileChangeRequestApprovalResponse.ts'
import type { McpServerElicitationRequestResponse } from './generated/v2/McpServerElicitationRequestResponse.ts'
import type { PermissionsRequestApprovalResponse } from './generated/v2/PermissionsRequestApprovalResponse.ts'
import type { ToolRequestUserInputResponse } from './generated/v2/ToolRequestUserInputResponse.ts'
import { isRecord } from './message.ts'
import type { RequestId } from './message.ts'

export interface CodexServerResponses {
  'item/commandExecution/requestApproval': CommandExecutionRequestApprovalResponse
  'item/fileChange/requestApproval': FileChangeRequestApprovalResponse
  'item/tool/requestUserInput': ToolRequestUserInputResponse
  'mcpServer/elicitation/request': McpServerElicitationRequestResponse
  'item/permissions/requestApproval': PermissionsRequestApprovalResponse
  'item/tool/call': DynamicToolCallResponse
  'account/chatgptAuthTokens/refresh': ChatgptAuthTokensRefreshResponse
  'attestation/generate': AttestationGenerateResponse
  'currentTime/read': CurrentTimeReadResponse
  applyPatchApproval: ApplyPatchApprovalResponse
  execCommandApproval: ExecCommandApprovalResponse
}

/** Refuses, when compiled, a list that lacks a name or has one too many. */
type Same<Left extends Right, Right> = Left
type Listed = Same<keyof CodexServerResponses, ServerRequest['method']>

/** A method that Codex calls. */
export type CodexServerMethod = Same<ServerRequest['method'], Listed>

/** What Codex gives with a request of its own. */
export type CodexServerParams<Method extends CodexServerMethod> = Extract<
  ServerRequest,
  { method: Method }
>['params']

/** What Codex expects back. */
export type CodexServerResponse<Method extends CodexServerMethod> = CodexServerResponses[Method]

/** What a handler gets beside the params. */
export interface CodexServerCall<Method extends CodexServerMethod> {
  /** Unique within one server process; a resume sends the open request again under the same id. */
  readonly id: RequestId
  readonly method: Method
  /** Fires when no answer is wanted any more: answered elsewhere, sent again, or disconnected. */
  readonly signal: AbortSignal
}

/** One handler a method. A method without one, and a handler that throws, is answered -32601. */
export type CodexServerHandlers = {
  readonly [Method in CodexServerMethod]?: (
    params: CodexServerParams<Method>,
    call: CodexServerCall<Method>,
  ) => CodexServerResponse<Method> | Promise<CodexServerResponse<Method>>
}

/** A request that nobody handles. */
export interface UnknownServerRequest {
  readonly id: RequestId
  readonly method: string
  readonly threadId: string | null
}

const threadOf = (params: unknown): string | null => {
  const id = isRecord(params) ? params['threadId'] : undefined
  return typeof id === 'string' ? id : null
}

/** Finds the handler of a request; an unknown method is never looked up on a prototype. */
export function handlersToRequestHandler(
  handlers: CodexServerHandlers,
  onUnknown?: (request: UnknownServerRequest) => void,
): RequestHandler {
  const table = new Map(Object.entries(handlers))
  return ({ id, method, params }, signal) => {
    const handler = table.get(method) as
      | ((params: unknown, call: { id: RequestId; method: string; signal: AbortSignal }) => unknown)
      | undefined
    if (handler === undefined) {
      onUnknown?.({ id, method, threadId: threadOf(params) })
      return undefined
    }
    return { result: handler(params, { id, method, signal }) }
  }
}
