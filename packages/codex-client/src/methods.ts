// The requests that are made of Codex: method -> result, in one authored list. Params come from the
// generated union, and the union also refuses a method that Codex does not have. Types only: what
// comes over the wire is not validated here.
import type { ClientRequest } from './generated/ClientRequest.ts'
import type { InitializeResponse } from './generated/InitializeResponse.ts'
import type { ConfigReadResponse } from './generated/v2/ConfigReadResponse.ts'
import type { GetAccountResponse } from './generated/v2/GetAccountResponse.ts'
import type { ModelListResponse } from './generated/v2/ModelListResponse.ts'
import type { ServerDiagnosticsResponse } from './generated/v2/ServerDiagnosticsResponse.ts'
import type { ThreadArchiveResponse } from './generated/v2/ThreadArchiveResponse.ts'
import type { ThreadBackgroundTerminalsCleanResponse } from './generated/v2/ThreadBackgroundTerminalsCleanResponse.ts'
import type { ThreadBackgroundTerminalsListResponse } from './generated/v2/ThreadBackgroundTerminalsListResponse.ts'
import type { ThreadCompactStartResponse } from './generated/v2/ThreadCompactStartResponse.ts'
import type { ThreadDeleteResponse } from './generated/v2/ThreadDeleteResponse.ts'
import type { ThreadForkResponse } from './generated/v2/ThreadForkResponse.ts'
import type { ThreadGoalClearResponse } from './generated/v2/ThreadGoalClearResponse.ts'
import type { ThreadGoalGetResponse } from './generated/v2/ThreadGoalGetResponse.ts'
import type { ThreadGoalSetResponse } from './generated/v2/ThreadGoalSetResponse.ts'
import type { ThreadInjectItemsResponse } from './generated/v2/ThreadInjectItemsResponse.ts'
import type { ThreadItemsListResponse } from './generated/v2/ThreadItemsListResponse.ts'
import type { ThreadListResponse } from './generated/v2/ThreadListResponse.ts'
import type { ThreadLoadedListResponse } from './generated/v2/ThreadLoadedListResponse.ts'
import type { ThreadMetadataUpdateResponse } from './generated/v2/ThreadMetadataUpdateResponse.ts'
import type { ThreadReadResponse } from './generated/v2/ThreadReadResponse.ts'
import type { ThreadResumeResponse } from './generated/v2/ThreadResumeResponse.ts'
import type { ThreadRevertResponse } from './generated/v2/ThreadRevertResponse.ts'
import type { ThreadSearchOccurrencesResponse } from './generated/v2/ThreadSearchOccurrencesResponse.ts'
import type { ThreadSearchResponse } from './generated/v2/ThreadSearchResponse.ts'
import type { ThreadSetNameResponse } from './generated/v2/ThreadSetNameResponse.ts'
import type { ThreadSettingsUpdateResponse } from './generated/v2/ThreadSettingsUpdateResponse.ts'
import type { ThreadStartResponse } from './generated/v2/ThreadStartResponse.ts'
import type { ThreadTurnsListResponse } from './generated/v2/ThreadTurnsListResponse.ts'
import type { ThreadUnarchiveResponse } from './generated/v2/ThreadUnarchiveResponse.ts'
import type { ThreadUnsubscribeResponse } from './generated/v2/ThreadUnsubscribeResponse.ts'
import type { TurnInterruptResponse } from './generated/v2/TurnInterruptResponse.ts'
import type { TurnStartResponse } from './generated/v2/TurnStartResponse.ts'
import type { TurnSteerResponse } from './generated/v2/TurnSteerResponse.ts'

export interface CodexResults {
  initialize: InitializeResponse
  'server/diagnostics': ServerDiagnosticsResponse
  'account/read': GetAccountResponse
  'config/read': ConfigReadResponse
  'model/list': ModelListResponse
  'thread/start': ThreadStartResponse
  'thread/resume': ThreadResumeResponse
  'thread/fork': ThreadForkResponse
  'thread/read': ThreadReadResponse
  'thread/list': ThreadListResponse
  'thread/loaded/list': ThreadLoadedListResponse
  'thread/search': ThreadSearchResponse
  'thread/searchOccurrences': ThreadSearchOccurrencesResponse
  'thread/turns/list': ThreadTurnsListResponse
  'thread/items/list': ThreadItemsListResponse
  'thread/name/set': ThreadSetNameResponse
  'thread/metadata/update': ThreadMetadataUpdateResponse
  'thread/settings/update': ThreadSettingsUpdateResponse
  'thread/inject_items': ThreadInjectItemsResponse
  'thread/goal/get': ThreadGoalGetResponse
  'thread/goal/set': ThreadGoalSetResponse
  'thread/goal/clear': ThreadGoalClearResponse
  'thread/backgroundTerminals/list': ThreadBackgroundTerminalsListResponse
  'thread/backgroundTerminals/clean': ThreadBackgroundTerminalsCleanResponse
  'thread/compact/start': ThreadCompactStartResponse
  'thread/revert': ThreadRevertResponse
  'thread/archive': ThreadArchiveResponse
  'thread/unarchive': ThreadUnarchiveResponse
  'thread/unsubscribe': ThreadUnsubscribeResponse
  'thread/delete': ThreadDeleteResponse
  'turn/start': TurnStartResponse
  'turn/steer': TurnSteerResponse
  'turn/interrupt': TurnInterruptResponse
}

/** Refuses, when compiled, a name that is not among the server's methods. */
type Served<Method extends ClientRequest['method']> = Method

/** A method that can be called. */
export type CodexMethod = Served<keyof CodexResults>

/** What a method takes. */
export type CodexParams<Method extends CodexMethod> = Extract<
  ClientRequest,
  { method: Method }
>['params']

/** What a method gives. */
export type CodexResult<Method extends CodexMethod> = CodexResults[Method]

/** Methods that may use the slots kept free for them: what must get through while others queue. */
export const URGENT_METHODS: ReadonlySet<string> = new Set<CodexMethod>([
  'server/diagnostics',
  'thread/resume',
  'turn/interrupt',
])
