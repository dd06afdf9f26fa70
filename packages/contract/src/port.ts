// The port: what the daemon offers (and what a surface carries out itself), as plain methods. The
// path of a method is the path of its procedure, the CLI command and the MCP op.
import type { Call } from './call.ts'
import type {
  ConfigShowInput,
  ConfigShowResult,
  ConfigTrustInput,
  ConfigTrustResult,
} from './config/show.ts'
import type { AuditFollowInput, AuditInput, AuditResult, AuditRow } from './daemon/audit.ts'
import type {
  DaemonStatus,
  DaemonStatusInput,
  ShutdownInput,
  ShutdownPlan,
  ShutdownResult,
} from './daemon/status.ts'
import type {
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
import type { OpenInput, OpenResult } from './sessions/open.ts'
import type { SearchInput, SearchResult } from './sessions/search.ts'
import type { SyncInput, SyncResult } from './sessions/sync.ts'
import type { ListUnmanagedInput, ListUnmanagedResult } from './sessions/unmanaged.ts'
import type {
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
import type {
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
import type { DispatchEvent } from './events/event.ts'
import type { WatchFollowInput, WatchInput, WatchResult } from './events/watch.ts'
import type {
  GoalClearInput,
  GoalClearResult,
  GoalReadInput,
  GoalReadResult,
  GoalSetInput,
  GoalSetResult,
} from './goals/ops.ts'
import type {
  ActionResult,
  ArchiveInput,
  RenameInput,
  RestoreInput,
  StopInput,
  StopResult,
} from './lanes/action.ts'
import type {
  CompactInput,
  CompactResult,
  ForkInput,
  ForkResult,
  RollbackInput,
  RollbackResult,
} from './lanes/history.ts'
import type { BeginningInput, BeginningResult } from './lanes/beginning.ts'
import type { LaneDetail } from './lanes/lane.ts'
import type { GetInput, ListInput, ListResult } from './lanes/list.ts'
import type { NewInput, NewResult } from './lanes/new.ts'
import type { RunInput, RunResult } from './lanes/run.ts'
import type { SetInput, SetResult } from './lanes/set.ts'
import type { DoctorInput, DoctorResult } from './local/doctor.ts'
import type { DownInput, DownResult, RestartInput, UpInput, UpResult } from './local/lifecycle.ts'
import type { ScenarioInput, ScenarioResult } from './local/scenario.ts'
import type { LogRecord, LogsFollowInput, LogsInput, LogsResult } from './local/logs.ts'
import type {
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
import type { ModelsInput, ModelsResult } from './models/models.ts'
import type { NotifyInput, NotifyResult } from './notify/notify.ts'
import type {
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
import type {
  RequestAnswered,
  RequestApproveInput,
  RequestDenyInput,
  RequestFollowInput,
  RequestGetInput,
  RequestListInput,
  RequestListResult,
  RequestRespondInput,
} from './requests/answer.ts'
import type { Request } from './requests/request.ts'
import type {
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
import type { SkillsPathInput, SkillsPathResult } from './skills/skills.ts'
import type { LastInput, LastResult } from './turns/last.ts'
import type { SendInput, SendResult, WaitInput, WaitResult } from './turns/send.ts'
import type { SendToInput, SendToResult } from './turns/send-to.ts'
import type { TraceInput, TraceResult } from './turns/trace.ts'
import type { TailEvent, TailFollowInput, TailInput, TailResult } from './turns/tail.ts'
import type {
  ServiceInstallInput,
  ServiceInstallResult,
  ServiceStatusInput,
  ServiceStatusResult,
  ServiceUninstallInput,
  ServiceUninstallResult,
} from './service/service.ts'

/** An event with the cursor to resume after; null where it is live only. */
export type Tracked<T> = { cursor: string | null; data: T }

/** Where a stream stands, without an event: whoever loses it before the first event resumes there. */
export type StreamPosition = { cursor: string; data: null }

/** What a subscription gives. */
export type EventStream<T> = AsyncIterable<Tracked<T> | StreamPosition>

type Answer<T> = T | Promise<T>

/** The methods that the daemon serves. A subscription gets the cursor that it resumes after. */
export type DaemonServices = {
  // A property, because a method signature of that name would be a constructor.
  new: (input: NewInput, call: Call) => Answer<NewResult>
  run(input: RunInput, call: Call): Answer<RunResult>
  list(input: ListInput, call: Call): Answer<ListResult>
  lanesBeginning(input: BeginningInput, call: Call): Answer<BeginningResult>
  get(input: GetInput, call: Call): Answer<LaneDetail>
  send(input: SendInput, call: Call): Answer<SendResult>
  sendTo(input: SendToInput, call: Call): Answer<SendToResult>
  wait(input: WaitInput, call: Call): Answer<WaitResult>
  last(input: LastInput, call: Call): Answer<LastResult>
  tail(input: TailInput, call: Call): Answer<TailResult>
  tailFollow(input: TailFollowInput, call: Call): EventStream<TailEvent>
  trace(input: TraceInput, call: Call): Answer<TraceResult>
  watch(input: WatchInput, call: Call): Answer<WatchResult>
  watchFollow(input: WatchFollowInput, call: Call): EventStream<DispatchEvent>
  stop(input: StopInput, call: Call): Answer<StopResult>
  set(input: SetInput, call: Call): Answer<SetResult>
  rename(input: RenameInput, call: Call): Answer<ActionResult>
  archive(input: ArchiveInput, call: Call): Answer<ActionResult>
  restore(input: RestoreInput, call: Call): Answer<ActionResult>
  config: { trust(input: ConfigTrustInput, call: Call): Answer<ConfigTrustResult> }
  listUnmanaged(input: ListUnmanagedInput, call: Call): Answer<ListUnmanagedResult>
  search(input: SearchInput, call: Call): Answer<SearchResult>
  attach(input: AttachInput, call: Call): Answer<AttachResult>
  sync(input: SyncInput, call: Call): Answer<SyncResult>
  adopt(input: AdoptInput, call: Call): Answer<AdoptResult>
  release(input: ReleaseInput, call: Call): Answer<ReleaseResult>
  detachPlan(input: DetachInput, call: Call): Answer<DetachPlan>
  detach(input: DetachInput, call: Call): Answer<DetachResult>
  fork(input: ForkInput, call: Call): Answer<ForkResult>
  compact(input: CompactInput, call: Call): Answer<CompactResult>
  rollback(input: RollbackInput, call: Call): Answer<RollbackResult>
  models(input: ModelsInput, call: Call): Answer<ModelsResult>
  notify(input: NotifyInput, call: Call): Answer<NotifyResult>
  goal: {
    status(input: GoalReadInput, call: Call): Answer<GoalReadResult>
    set(input: GoalSetInput, call: Call): Answer<GoalSetResult>
    clear(input: GoalClearInput, call: Call): Answer<GoalClearResult>
  }
  queue: {
    list(input: QueueListInput, call: Call): Answer<QueueListResult>
    get(input: QueueGetInput, call: Call): Answer<QueueGetResult>
    edit(input: QueueEditInput, call: Call): Answer<QueueGetResult>
    move(input: QueueMoveInput, call: Call): Answer<QueueGetResult>
    cancel(input: QueueCancelInput, call: Call): Answer<QueueCancelResult>
    pause(input: QueueLaneInput, call: Call): Answer<QueueLaneResult>
    resume(input: QueueLaneInput, call: Call): Answer<QueueLaneResult>
  }
  delivery: {
    get(input: DeliveryGetInput, call: Call): Answer<DeliveryGetResult>
    list(input: DeliveryListInput, call: Call): Answer<DeliveryListResult>
    reconcile(input: DeliveryReconcileInput, call: Call): Answer<DeliveryReconcileResult>
    retry(input: DeliveryRetryInput, call: Call): Answer<DeliveryResult>
    discard(input: DeliveryDiscardInput, call: Call): Answer<DeliveryResult>
  }
  request: {
    list(input: RequestListInput, call: Call): Answer<RequestListResult>
    listFollow(input: RequestFollowInput, call: Call): EventStream<Request>
    get(input: RequestGetInput, call: Call): Answer<Request>
    approve(input: RequestApproveInput, call: Call): Answer<RequestAnswered>
    deny(input: RequestDenyInput, call: Call): Answer<RequestAnswered>
    respond(input: RequestRespondInput, call: Call): Answer<RequestAnswered>
  }
  trigger: {
    add(input: TriggerAddInput, call: Call): Answer<TriggerResult>
    list(input: TriggerListInput, call: Call): Answer<TriggerListResult>
    get(input: TriggerGetInput, call: Call): Answer<TriggerResult>
    edit(input: TriggerEditInput, call: Call): Answer<TriggerResult>
    rm(input: TriggerGetInput, call: Call): Answer<TriggerRemoveResult>
    pause(input: TriggerGetInput, call: Call): Answer<TriggerResult>
    resume(input: TriggerGetInput, call: Call): Answer<TriggerResult>
    run(input: TriggerGetInput, call: Call): Answer<TriggerRunResult>
    runs(input: TriggerRunsInput, call: Call): Answer<TriggerRunsResult>
    next(input: TriggerNextInput, call: Call): Answer<TriggerNextResult>
  }
  daemon: {
    status(input: DaemonStatusInput, call: Call): Answer<DaemonStatus>
    log(input: AuditInput, call: Call): Answer<AuditResult>
    logFollow(input: AuditFollowInput, call: Call): EventStream<AuditRow>
    shutdownPlan(input: DownInput, call: Call): Answer<ShutdownPlan>
    shutdown(input: ShutdownInput, call: Call): Answer<ShutdownResult>
  }
}

/** The methods that a surface carries out itself. */
export type LocalServices = {
  up(input: UpInput, call: Call): Answer<UpResult>
  down(input: DownInput, call: Call): Answer<DownResult>
  restart(input: RestartInput, call: Call): Answer<UpResult>
  doctor(input: DoctorInput, call: Call): Answer<DoctorResult>
  schema(input: SchemaInput, call: Call): Answer<SchemaResult>
  mcp(input: McpInput, call: Call): Answer<McpResult>
  completion(input: CompletionInput, call: Call): Answer<CompletionResult>
  demo(input: DemoInput, call: Call): Answer<DemoResult>
  scenario(input: ScenarioInput, call: Call): Answer<ScenarioResult>
  top(input: TopInput, call: Call): Answer<TopResult>
  open(input: OpenInput, call: Call): Answer<OpenResult>
  config: { show(input: ConfigShowInput, call: Call): Answer<ConfigShowResult> }
  daemon: {
    logs(input: LogsInput, call: Call): Answer<LogsResult>
    logsFollow(input: LogsFollowInput, call: Call): EventStream<LogRecord>
  }
  service: {
    install(input: ServiceInstallInput, call: Call): Answer<ServiceInstallResult>
    uninstall(input: ServiceUninstallInput, call: Call): Answer<ServiceUninstallResult>
    status(input: ServiceStatusInput, call: Call): Answer<ServiceStatusResult>
  }
  registry: {
    migrate(input: MigrateInput, call: Call): Answer<MigrateResult>
    backup(input: BackupInput, call: Call): Answer<BackupResult>
    restore(input: RestoreBackupInput, call: Call): Answer<RestoreBackupResult>
    verify(input: VerifyInput, call: Call): Answer<VerifyResult>
    prune(input: PruneInput, call: Call): Answer<PruneResult>
  }
  skills: { path(input: SkillsPathInput, call: Call): Answer<SkillsPathResult> }
}
