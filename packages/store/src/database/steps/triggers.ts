// Triggers and their occurrences. Steps of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// A trigger is found by its time, by the lane that it goes by and by the lane that it acts on; what is
// given up or rests is in no index of these.
export const triggers: Migration = `
create table triggers (
  id text primary key,
  name text not null,
  laneId text references lanes (threadId),
  sourceId text,
  kind text not null,
  action text not null,
  text text not null,
  spec text not null,
  state text not null,
  reason text,
  createdAt integer not null,
  updatedAt integer not null,
  armedAt integer not null,
  armedSeq integer not null,
  nextAt integer,
  scheduledAt integer,
  fires integer not null,
  failures integer not null,
  backoffUntil integer,
  lastFiredAt integer
) strict;
create index triggers_due on triggers (nextAt, id) where nextAt is not null;
create index triggers_source on triggers (sourceId, id)
  where state = 'active' and sourceId is not null;
create index triggers_lane on triggers (laneId, id);
create index triggers_name on triggers (name, id);
create index triggers_state on triggers (state, id);

create table triggerRuns (
  seq integer primary key,
  id text not null unique,
  triggerId text not null references triggers (id),
  key text not null,
  cause text not null,
  outcome text not null,
  mode text,
  text text,
  reason text,
  detail text,
  scheduledAt integer not null,
  createdAt integer not null,
  firedAt integer,
  laneId text,
  eventCursor text,
  turnId text,
  seenTurnId text,
  chain text not null
) strict;
create unique index triggerRuns_key on triggerRuns (triggerId, key);
create index triggerRuns_trigger on triggerRuns (triggerId, seq);
create index triggerRuns_outcome on triggerRuns (outcome, seq);
create index triggerRuns_created on triggerRuns (createdAt);
create index triggerRuns_planned on triggerRuns (seq) where outcome = 'planned';
create index triggerRuns_new on triggerRuns (id) where mode = 'new';
create index triggerRuns_fired on triggerRuns (triggerId, seq) where outcome = 'fired';
`

// A lane that a trigger made is put away once: one that a person has back since is that person's. One
// whose trigger is removed while it works is put away all the same: known by the call that made it.
export const putAway: Migration = `
alter table triggerRuns add column putAwayAt integer;
create table leftLanes (callId text primary key) strict, without rowid;
`

// Why an occurrence failed, as a code; and who is failing, for those that ask what needs a person.
export const triggerFailures: Migration = `
alter table triggerRuns add column code text;
create index triggers_failing on triggers (id) where state = 'active' and failures > 0;
create index triggerRuns_failed on triggerRuns (triggerId, seq) where outcome = 'failed';
`

// Asked with every status. With the state in its condition SQLite took the index of states instead, and
// went through all active ones: 50 ms for 100,000.
export const failingTriggers: Migration = `
drop index triggers_failing;
create index triggers_failing on triggers (id) where failures > 0;
`
