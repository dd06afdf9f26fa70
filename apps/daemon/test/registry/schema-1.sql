-- The schema that the first release shipped.
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
