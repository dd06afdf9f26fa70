// @dispatch/store: the registry on SQLite: tables, migrations, one repository a table. Nothing else
// of dispatch knows SQL.
export { openStore, type Migrated, type OpenStoreOptions, type Store } from './store.ts'
export {
  CorruptDatabaseError,
  CursorError,
  DatabaseAccessError,
  DiskFullError,
  ExistingFileError,
  ForeignDatabaseError,
  LockedDatabaseError,
  NetworkFileSystemError,
  NewerSchemaError,
  OlderSchemaError,
  StoreError,
  UniqueError,
} from './database/errors.ts'
export type { Creations } from './lanes/creations.ts'
export type {
  CreationDraft,
  CreationPatch,
  CreationRow,
  CreationState,
} from './lanes/creation-row.ts'
export type { GoalRow } from './goals/goal-row.ts'
export type { Goals } from './goals/goals.ts'
export type { Lanes } from './lanes/lanes.ts'
export type { LaneListQuery, LanePage, LanePatch, LaneRow, OpenLane } from './lanes/lane-row.ts'
export type { Forgetting } from './lanes/forgetting.ts'
export { chooseRef, REF_ALPHABET, refStem } from './lanes/ref.ts'
export type { Refs } from './lanes/refs.ts'
export type { Syncs } from './sessions/syncs.ts'
export type { SyncPosition, SyncRow } from './sessions/sync-row.ts'
export type { Deliveries } from './turns/deliveries.ts'
export type {
  DeliveryHead,
  DeliveryPatch,
  DeliveryRow,
  ServerInstance,
} from './turns/delivery-row.ts'
export type { Turns } from './turns/turns.ts'
export type { TurnRow, TurnUpsert } from './turns/turn-row.ts'
export type { Items } from './turns/items.ts'
export type { ItemListQuery, ItemRow, ItemUpsert } from './turns/item-row.ts'
export type { Requests } from './requests/requests.ts'
export type {
  RequestListQuery,
  RequestPage,
  RequestPatch,
  RequestRow,
} from './requests/request-row.ts'
export type { Triggers } from './triggers/triggers.ts'
export type { TriggerRuns } from './triggers/trigger-runs.ts'
export type {
  TriggerListQuery,
  TriggerPatch,
  TriggerRow,
  TriggerRunListQuery,
  TriggerRunPatch,
  TriggerRunRecord,
  TriggerRunRow,
  TriggerSpec,
} from './triggers/trigger-row.ts'
export type { Events } from './events/events.ts'
export type {
  Epoch,
  EventAppend,
  EventPage,
  EventQuery,
  EventRetention,
  EventRow,
  ResolvedCursor,
} from './events/event-row.ts'
export type { Audit } from './audit.ts'
export type { AuditEntry, AuditQuery } from './audit-row.ts'
export type { Runtime } from './runtime.ts'
export type {
  SearchDocument,
  SearchHit,
  SearchPage,
  SearchPageQuery,
  SearchQuery,
  Word,
} from './search/document.ts'
export type { IndexedThread, IndexThreads } from './search/index-threads.ts'
export { removeSearchIndex } from './search/open-index.ts'
export { openSearchIndex, type SearchIndex } from './search/search-index.ts'
export { textToWords, WordsError } from './search/words.ts'
export { backupRegistry } from './upkeep/backup.ts'
export { type RegistryReport, type ReportOptions, reportRegistry } from './upkeep/report.ts'
export { requireRestorable, type RestoreOptions, restoreRegistry } from './upkeep/restore.ts'
export type { Pruned, Retention, Upkeep } from './upkeep/retention.ts'
export { type Checkpointer, openCheckpointer, type Wal } from './upkeep/checkpoints.ts'
