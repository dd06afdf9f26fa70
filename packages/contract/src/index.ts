// @dispatch/contract: schemas, port, router, error taxonomy and the walk. Nothing from node:.
export { type Call, Cancelled } from './call.ts'
export { bounds } from './bounds.ts'
export {
  bodyToError,
  DispatchError,
  type ErrorBody,
  type ErrorCode,
  type ErrorDetails,
  errorCodes,
  errorToBody,
  toDispatchError,
} from './errors.ts'
export { withoutInvisible } from './characters.ts'
/** Ids as they may be shortened. */
export { isLikeId, SHORT_ID_MIN } from './short-id.ts'
export { describeRouter } from './describe.ts'
export type { Manifest, ManifestOp } from './manifest.ts'
export type { DaemonServices, EventStream, LocalServices, StreamPosition, Tracked } from './port.ts'
export { type Context, createCallerFactory, failureToBody } from './procedure.ts'
/** What an issue of zod says, as a person would: used for configuration files, too. */
export { type InputProblem, issueToProblems } from './input-problem.ts'
export { type AppRouter, appRouter } from './router.ts'
export {
  type ClientHello,
  type ServerHello,
  WIRE,
  type WireRequest,
  type WireResponse,
} from './wire.ts'
export {
  type ConfigKey,
  ConfigFile,
  type ConfigSection,
  configKeys,
  fieldToKey,
  type LaneTables,
  RepoConfigFile,
} from './config/file.ts'
/** The ops that agents in lanes may be offered. */
export { laneToolOps } from './lane-tool-ops.ts'
export { DaemonConfig, daemonTables, inertConfig } from './config/daemon-tables.ts'
export { configFileSchema } from './config/json-schema.ts'
export type { ResolvedValue } from './config/resolved.ts'
export type {
  ConfigShowInput,
  ConfigShowResult,
  ConfigTrustInput,
  ConfigTrustResult,
} from './config/show.ts'
export type {
  AdoptInput,
  AdoptResult,
  AttachInput,
  AttachResult,
  DetachInput,
  DetachPlan,
  DetachResult,
  ReleaseInput,
  ReleaseResult,
} from './sessions/attach.ts'
export type { OpenInput, OpenResult } from './sessions/open.ts'
export type { SearchInput, SearchResult } from './sessions/search.ts'
export type { SyncInput, SyncResult } from './sessions/sync.ts'
export type { LaneSync, SyncState } from './sessions/sync-state.ts'
export type { ThreadIdentity, ThreadSource } from './sessions/thread.ts'
export type { ListUnmanagedInput, ListUnmanagedResult } from './sessions/unmanaged.ts'
export type { BeginningInput, BeginningResult } from './lanes/beginning.ts'
export type {
  DeliveryDiscardInput,
  DeliveryGetInput,
  DeliveryGetResult,
  DeliveryListInput,
  DeliveryListResult,
  DeliveryReconcileInput,
  DeliveryReconcileResult,
  DeliveryResult,
  DeliveryRetryInput,
} from './deliveries/ops.ts'
export type {
  QueueCancelInput,
  QueueCancelResult,
  QueueEditInput,
  QueueGetInput,
  QueueGetResult,
  QueueLaneInput,
  QueueLaneResult,
  QueueListInput,
  QueueListResult,
  QueueMoveInput,
} from './deliveries/queue.ts'
export type { QueueState } from './deliveries/queue-state.ts'
export { eventTypes, type DispatchEvent, type EventType } from './events/event.ts'
export type { WatchFollowInput, WatchInput, WatchResult } from './events/watch.ts'
export type { AuditFollowInput, AuditInput, AuditResult, AuditRow } from './daemon/audit.ts'
export type {
  CodexStatus,
  DaemonStatus,
  ShutdownInput,
  ShutdownPlan,
  ShutdownResult,
} from './daemon/status.ts'
export { Goal, GoalPause, GoalStatus } from './goals/goal.ts'
export type {
  GoalClearInput,
  GoalClearResult,
  GoalReadInput,
  GoalReadResult,
  GoalSetInput,
  GoalSetResult,
} from './goals/ops.ts'
export type {
  ActionResult,
  ArchiveInput,
  RenameInput,
  RestoreInput,
  StopInput,
  StopResult,
} from './lanes/action.ts'
export type {
  CompactInput,
  CompactResult,
  ForkInput,
  ForkResult,
  RollbackInput,
  RollbackResult,
} from './lanes/history.ts'
export type { LaneDetail, LaneIdentity, LaneSource, LaneStatus, LaneSummary } from './lanes/lane.ts'
export type { GetInput, ListInput, ListResult } from './lanes/list.ts'
export { NewDefaults, type NewInput, type NewResult } from './lanes/new.ts'
export type { RunInput, RunResult } from './lanes/run.ts'
export { type SetInput, type SetResult, settingOfFlag } from './lanes/set.ts'
export { EffectiveSettings, LaneSettings, TurnSettings } from './lanes/settings.ts'
export type {
  RequestAnswered,
  RequestApproveInput,
  RequestDenyInput,
  RequestFollowInput,
  RequestGetInput,
  RequestListInput,
  RequestListResult,
  RequestRespondInput,
} from './requests/answer.ts'
export { RequestDecision } from './requests/request.ts'
export type { Request, RequestAsk, RequestKind, RequestState } from './requests/request.ts'
export type {
  RunCause,
  RunOutcome,
  RunReason,
  Trigger,
  TriggerAction,
  TriggerCatchUp,
  TriggerOutcome,
  TriggerOverlap,
  TriggerRun,
  TriggerState,
  TriggerWhen,
} from './triggers/trigger.ts'
export type {
  TriggerAddInput,
  TriggerEditInput,
  TriggerGetInput,
  TriggerListInput,
  TriggerListResult,
  TriggerNextInput,
  TriggerNextResult,
  TriggerRemoveResult,
  TriggerResult,
  TriggerRunResult,
  TriggerRunsInput,
  TriggerRunsResult,
} from './triggers/ops.ts'
export type {
  Delivery,
  DeliveryMode,
  DeliveryOutcome,
  DeliveryState,
  HoldReason,
} from './turns/delivery.ts'
export type { TranscriptItem } from './turns/item.ts'
export type { LastInput, LastResult } from './turns/last.ts'
export type { SendInput, SendResult, WaitInput, WaitResult, WaitUntil } from './turns/send.ts'
export type { SendToInput, SendToResult } from './turns/send-to.ts'
export type { TailEvent, TailFollowInput, TailInput, TailResult } from './turns/tail.ts'
export type { TraceInput, TraceResult } from './turns/trace.ts'
export { TokenUsage, type Turn, TurnError, type TurnStatus } from './turns/turn.ts'
export type { Check, DoctorInput, DoctorResult } from './local/doctor.ts'
export type { DownInput, DownResult, RestartInput, UpInput, UpResult } from './local/lifecycle.ts'
export type { LogRecord, LogsFollowInput, LogsInput, LogsResult } from './local/logs.ts'
export type { ScenarioInput, ScenarioResult } from './local/scenario.ts'
export type {
  CompletionInput,
  CompletionResult,
  DemoInput,
  DemoResult,
  McpInput,
  McpResult,
  SchemaInput,
  SchemaResult,
  TopInput,
  TopResult,
} from './local/tool.ts'
export type { SkillsPathInput, SkillsPathResult } from './skills/skills.ts'
export type {
  BackupInput,
  BackupResult,
  MigrateInput,
  MigrateResult,
  PruneInput,
  PruneResult,
  RestoreBackupInput,
  RestoreBackupResult,
  VerifyInput,
  VerifyResult,
} from './registry/registry.ts'
export type {
  ServiceInstallInput,
  ServiceInstallResult,
  ServiceStatusInput,
  ServiceStatusResult,
  ServiceUninstallInput,
  ServiceUninstallResult,
} from './service/service.ts'
export type {
  CatalogueModel,
  ConfiguredDefault,
  ModelsInput,
  ModelsResult,
} from './models/models.ts'
export { noticeEvents } from './notify/notify.ts'
