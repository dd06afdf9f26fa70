// The notifications that this version of the protocol has. The compiler checks the list against the
// generated union, both ways; anything else on the wire comes from a newer server.
import type { ServerNotification } from './generated/ServerNotification.ts'
import type { ServerNotificationEnvelope } from './generated/ServerNotificationEnvelope.ts'

/** One notification as it came, told apart by `method`. */
export type CodexNotification = ServerNotificationEnvelope

/** A method of a notification. */
export type CodexNotificationMethod = ServerNotification['method']

/** What comes with the notification of one method. */
export type CodexNotificationParams<Method extends CodexNotificationMethod> = Extract<
  ServerNotification,
  { method: Method }
>['params']

const KNOWN: Readonly<Record<CodexNotificationMethod, true>> = {
  'account/gatewayOAuth/changed': true,
  'account/login/completed': true,
  'account/rateLimits/updated': true,
  'account/updated': true,
  'app/list/updated': true,
  'autoApprovalReview/strictReviewRequired': true,
  'command/exec/outputDelta': true,
  configWarning: true,
  deprecationNotice: true,
  error: true,
  'externalAgentConfig/import/completed': true,
  'externalAgentConfig/import/progress': true,
  'fs/changed': true,
  'fuzzyFileSearch/sessionCompleted': true,
  'fuzzyFileSearch/sessionUpdated': true,
  guardianWarning: true,
  'hook/completed': true,
  'hook/started': true,
  'item/agentMessage/delta': true,
  'item/autoApprovalReview/completed': true,
  'item/autoApprovalReview/started': true,
  'item/commandExecution/outputDelta': true,
  'item/commandExecution/terminalInteraction': true,
  'item/completed': true,
  'item/fileChange/outputDelta': true,
  'item/fileChange/patchUpdated': true,
  'item/mcpToolCall/progress': true,
  'item/plan/delta': true,
  'item/reasoning/summaryPartAdded': true,
  'item/reasoning/summaryTextDelta': true,
  'item/reasoning/textDelta': true,
  'item/started': true,
  'mcpServer/event/stream/notification': true,
  'mcpServer/oauthLogin/completed': true,
  'mcpServer/startupStatus/updated': true,
  'model/rerouted': true,
  'model/safetyBuffering/updated': true,
  'model/verification': true,
  'modelProvider/authRecoveryCompleted': true,
  'modelProvider/authRecoveryStarted': true,
  'process/exited': true,
  'process/outputDelta': true,
  'project/changed': true,
  'rawResponse/completed': true,
  'rawResponseItem/completed': true,
  'remoteControl/status/changed': true,
  'serverRequest/resolved': true,
  'skills/changed': true,
  'thread/archived': true,
  'thread/attachment/updated': true,
  'thread/closed': true,
  'thread/compacted': true,
  'thread/deleted': true,
  'thread/environment/connected': true,
  'thread/environment/disconnected': true,
  'thread/goal/cleared': true,
  'thread/goal/updated': true,
  'thread/name/updated': true,
  'thread/prediction/updated': true,
  'thread/project/updated': true,
  'thread/queue/changed': true,
  'thread/readState/changed': true,
  'thread/realtime/closed': true,
  'thread/realtime/error': true,
  'thread/realtime/item/completed': true,
  'thread/realtime/item/started': true,
  'thread/realtime/item/transcript/delta': true,
  'thread/realtime/itemAdded': true,
  'thread/realtime/outputAudio/delta': true,
  'thread/realtime/sdp': true,
  'thread/realtime/started': true,
  'thread/realtime/transcript/delta': true,
  'thread/realtime/transcript/done': true,
  'thread/reverted': true,
  'thread/section/changed': true,
  'thread/settings/updated': true,
  'thread/started': true,
  'thread/status/changed': true,
  'thread/tokenUsage/updated': true,
  'thread/unarchived': true,
  'turn/completed': true,
  'turn/diff/updated': true,
  'turn/moderationMetadata': true,
  'turn/plan/updated': true,
  'turn/started': true,
  warning: true,
  'windows/worldWritableWarning': true,
  'windowsSandbox/setupCompleted': true,
}

/** Whether a method is one of the protocol's own. */
export function isKnownNotification(method: string): method is CodexNotificationMethod {
  return Object.hasOwn(KNOWN, method)
}
