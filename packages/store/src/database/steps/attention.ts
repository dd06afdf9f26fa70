// Who needs a person first, kept by triggers of the database. Steps of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// Who needs a person first, for the order of lists: higher goes first. A table of its own, because it
// looks at lanes and at deliveries, and kept by triggers, so that whoever writes either cannot forget
// it. The first condition on deliveries is the one of the index that serves it.
export const attention: Migration = `
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

// A lane that was stopped on purpose holds its queue: it needs a person where something waits in it.
export const heldQueues: Migration = `
drop trigger attention_delivery_made;
drop trigger attention_delivery_changed;
drop view urgencies;

create view urgencies as
select threadId, createdAt, case
  when archivedAt is not null then 0
  when status = 'waiting_approval' then 7
  when status = 'error' then 6
  when held = 1 and status <> 'busy' and exists (
    select 1 from deliveries
    where deliveries.threadId = lanes.threadId
      and state in ('queued', 'submitting', 'ambiguous') and state = 'queued'
  ) then 6
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

create trigger attention_delivery_made after insert on deliveries
when new.state in ('queued', 'ambiguous')
begin
  update attention set urgency = (select urgency from urgencies where threadId = new.threadId)
    where threadId = new.threadId;
end;
create trigger attention_delivery_changed after update of state on deliveries
when old.state <> new.state
  and (old.state in ('queued', 'ambiguous') or new.state in ('queued', 'ambiguous'))
begin
  update attention set urgency = (select urgency from urgencies where threadId = new.threadId)
    where threadId = new.threadId;
end;

update attention
  set urgency = (select urgency from urgencies where urgencies.threadId = attention.threadId);
`
