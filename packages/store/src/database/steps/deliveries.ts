// What messages got: overrides, places in the queue, tries, ages of keys. Steps of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// Asked with every send: without it the whole table is read.
export const overridden: Migration = `
create index deliveries_overridden on deliveries (threadId, overrides) where overrides != '{}';
`

export const queuePosition: Migration = `
alter table deliveries add column position integer;
`

// `attempt` and `notBefore` are those of a message that is tried again by itself.
export const queues: Migration = `
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

// Keys are forgotten by their age, the oldest first.
export const keyAges: Migration = `
create index idempotencyKeys_at on idempotencyKeys (at);
`

// Lists by state: without it the newest are gone through, one by one, until enough of a rare state are
// found. Nearly all are accepted: those are not in it, the order by age serves them.
export const deliveryStates: Migration = `
create index deliveries_state on deliveries (state, createdAt, id) where state <> 'accepted';
`
