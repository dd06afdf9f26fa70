// The schema, as the steps that lead to it. A step that has shipped is never changed.
import { triggerTables } from '../triggers/schema.ts'
import type { Migration } from './migrate.ts'

const first: Migration = `
create table refs (
  ref text primary key,
  threadId text not null unique
) strict, without rowid;

create table lanes (
  threadId text primary key,
  ref text not null unique references refs (ref),
  name text not null,
  handle text not null,
  title text not null,
  source text not null,
  cwd text not null,
  status text not null,
  ephemeral integer not null,
  settings text not null,
  effective text,
  activeTurnId text,
  latestTurnId text,
  held integer not null,
  stalled integer not null,
  lastMessage text,
  usage text,
  rolloutPath text,
  callId text not null unique,
  createdAt integer not null,
  updatedAt integer not null,
  archivedAt integer
) strict;
create unique index lanes_live_handle on lanes (handle) where archivedAt is null;
create index lanes_live_title on lanes (title) where archivedAt is null;
create index lanes_created on lanes (createdAt, threadId);
create index lanes_live_created on lanes (createdAt, threadId) where archivedAt is null;
create index lanes_status on lanes (status, createdAt, threadId);
create index lanes_cwd on lanes (cwd, createdAt, threadId);

create table deliveries (
  id text primary key,
  threadId text not null references lanes (threadId),
  mode text not null,
  text text not null,
  textLength integer not null,
  textHash text not null,
  state text not null,
  outcome text,
  turnId text,
  landed text,
  overrides text not null,
  actor text not null,
  createdAt integer not null,
  submittedAt integer,
  acceptedAt integer,
  completedAt integer,
  failure text,
  server text,
  rolloutBytes integer
) strict;
create index deliveries_unsettled on deliveries (threadId, createdAt)
  where state in ('queued', 'submitting', 'ambiguous');
create index deliveries_turn on deliveries (threadId, turnId) where turnId is not null;

create table turns (
  threadId text not null references lanes (threadId),
  id text not null,
  status text not null,
  startedAt integer,
  completedAt integer,
  durationMs integer,
  error text,
  errorAt integer,
  deliveryId text,
  primary key (threadId, id)
) strict;
create index turns_started on turns (threadId, startedAt);
create index turns_running on turns (threadId) where status = 'started';

create table items (
  threadId text not null references lanes (threadId),
  turnId text not null,
  id text not null,
  type text not null,
  text text not null,
  status text,
  startedAt integer,
  completedAt integer,
  ordinal integer not null,
  primary key (threadId, turnId, id)
) strict;
create unique index items_ordinal on items (threadId, ordinal);

create table events (
  seq integer primary key,
  at integer not null,
  threadId text,
  type text not null,
  key text,
  data text not null
) strict;
create index events_thread on events (threadId) where threadId is not null;
create unique index events_key on events (key, type, ifnull(threadId, '')) where key is not null;

create table epochs (
  epoch integer primary key,
  firstSeq integer not null
) strict;

create table audit (
  id integer primary key,
  at integer not null,
  op text not null,
  threadId text,
  ref text,
  actor text not null,
  outcome text not null,
  detail text not null
) strict;
create index audit_thread on audit (threadId) where threadId is not null;

create table runtime (
  key text primary key,
  value text not null
) strict, without rowid;
`

const syncs: Migration = `
create table syncs (
  threadId text primary key references lanes (threadId),
  state text not null,
  syncedAt integer not null,
  path text,
  position text,
  latestEventAt integer,
  latestTurnId text,
  preview text,
  model text,
  error text
) strict;
`

const unsetSettings: Migration = `
alter table lanes add column unset text not null default '[]';
`

const creations: Migration = `
create table creations (
  callId text primary key,
  inputHash text not null,
  draft text,
  server text,
  at integer not null,
  threadId text references lanes (threadId),
  state text not null
) strict;
create index creations_thread on creations (threadId) where threadId is not null;
create index creations_unfinished on creations (at) where state in ('begun', 'registered');
`

// Asked with every send: without it the whole table is read.
const overridden: Migration = `
create index deliveries_overridden on deliveries (threadId, overrides) where overrides != '{}';
`

const queuePosition: Migration = `
alter table deliveries add column position integer;
`

const goals: Migration = `
create table goals (
  threadId text primary key references lanes (threadId),
  objective text not null,
  status text not null,
  tokenBudget integer,
  tokensUsed integer not null,
  timeUsedSeconds real not null,
  createdAt integer not null,
  updatedAt integer not null,
  heardAt integer not null,
  pausedFor text
) strict;
create index goals_open on goals (threadId) where status = 'active' or pausedFor is not null;
`

// Who needs a person first, for the order of lists: higher goes first. A table of its own, because it
// looks at lanes and at deliveries, and kept by triggers, so that whoever writes either cannot forget
// it. The first condition on deliveries is the one of the index that serves it.
const attention: Migration = `
create table attention (
  threadId text primary key references lanes (threadId),
  urgency integer not null,
  createdAt integer not null
) strict, without rowid;
create index attention_order on attention (urgency, createdAt, threadId);

create view urgencies as
select threadId, createdAt, case
  when archivedAt is not null then 0
  when status = 'waiting_approval' then 7
  when status = 'error' or (held = 1 and status <> 'busy') then 6
  when stalled = 1 then 5
  when exists (
    select 1 from deliveries
    where deliveries.threadId = lanes.threadId
      and state in ('queued', 'submitting', 'ambiguous') and state = 'ambiguous'
  ) then 4
  when status = 'busy' then 3
  when status = 'idle' then 2
  else 1
end as urgency
from lanes;

create trigger attention_lane_made after insert on lanes begin
  insert into attention (threadId, urgency, createdAt)
    select threadId, urgency, createdAt from urgencies where threadId = new.threadId;
end;
create trigger attention_lane_changed after update of status, held, stalled, archivedAt on lanes
when old.status <> new.status or old.held <> new.held or old.stalled <> new.stalled
  or (old.archivedAt is null) <> (new.archivedAt is null)
begin
  update attention set urgency = (select urgency from urgencies where threadId = new.threadId)
    where threadId = new.threadId;
end;
create trigger attention_delivery_made after insert on deliveries when new.state = 'ambiguous' begin
  update attention set urgency = (select urgency from urgencies where threadId = new.threadId)
    where threadId = new.threadId;
end;
create trigger attention_delivery_changed after update of state on deliveries
when (old.state = 'ambiguous') <> (new.state = 'ambiguous')
begin
  update attention set urgency = (select urgency from urgencies where threadId = new.threadId)
    where threadId = new.threadId;
end;

insert into attention (threadId, urgency, createdAt)
  select threadId, urgency, createdAt from urgencies;
`

const turnReason: Migration = `
alter table turns add column reason text;
`

const stalls: Migration = `
alter table lanes add column stalledReason text;
create index lanes_stalled on lanes (createdAt) where stalled = 1 and archivedAt is null;
create index lanes_held on lanes (createdAt) where held = 1 and archivedAt is null;
`

// `attempt` and `notBefore` are those of a message that is tried again by itself.
const queues: Migration = `
alter table lanes add column heldFor text;
alter table deliveries add column retryOf text;
alter table deliveries add column attempt integer not null default 0;
alter table deliveries add column notBefore integer;
create index deliveries_retry on deliveries (retryOf) where retryOf is not null;
create index deliveries_created on deliveries (createdAt, id);
create index deliveries_lane_created on deliveries (threadId, createdAt, id);

create table idempotencyKeys (
  key text primary key,
  inputHash text not null,
  callId text not null,
  at integer not null
) strict, without rowid;
`

const requests: Migration = `
create table requests (
  id text primary key,
  laneId text references lanes (threadId),
  threadId text not null,
  turnId text,
  itemId text,
  rpcId text not null,
  server text,
  ask text not null,
  state text not null,
  decision text,
  answeredBy text,
  policyRule text,
  createdAt integer not null,
  expiresAt integer,
  closedAt integer
) strict;
create index requests_pending on requests (laneId) where state = 'pending';
create index requests_lane on requests (laneId, id);
create index requests_thread on requests (threadId, rpcId);
create index requests_closed on requests (closedAt) where closedAt is not null;
`

/** Every step; its index is the version that it starts from. */
export const migrations: readonly Migration[] = [
  first,
  syncs,
  unsetSettings,
  creations,
  overridden,
  queuePosition,
  goals,
  attention,
  turnReason,
  stalls,
  queues,
  requests,
  triggerTables,
]
