// What lanes and their turns got: settings, creations, goals, reasons, stalls. Steps of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

export const syncs: Migration = `
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

export const unsetSettings: Migration = `
alter table lanes add column unset text not null default '[]';
`

export const creations: Migration = `
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

export const goals: Migration = `
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

export const turnReason: Migration = `
alter table turns add column reason text;
`

export const stalls: Migration = `
alter table lanes add column stalledReason text;
create index lanes_stalled on lanes (createdAt) where stalled = 1 and archivedAt is null;
create index lanes_held on lanes (createdAt) where held = 1 and archivedAt is null;
`
