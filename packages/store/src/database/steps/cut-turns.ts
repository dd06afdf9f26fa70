// A lane whose latest turn was cut, and stopped by nobody, needs a person until it gets another one. A
// step of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// A turn has a reason where nobody stopped it. Turns and their lane are written in either order.
export const cutTurns: Migration = `
create index turns_cut on turns (threadId, id) where reason is not null;

drop trigger attention_lane_changed;
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
  when exists (
    select 1 from turns
    where turns.threadId = lanes.threadId and turns.id = lanes.latestTurnId
      and turns.reason is not null
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

create trigger attention_lane_changed
after update of status, held, stalled, archivedAt, latestTurnId on lanes
when old.status <> new.status or old.held <> new.held or old.stalled <> new.stalled
  or (old.archivedAt is null) <> (new.archivedAt is null)
  or old.latestTurnId is not new.latestTurnId
begin
  update attention set urgency = (select urgency from urgencies where threadId = new.threadId)
    where threadId = new.threadId;
end;
create trigger attention_turn_made after insert on turns when new.reason is not null begin
  update attention set urgency = (select urgency from urgencies where threadId = new.threadId)
    where threadId = new.threadId;
end;
create trigger attention_turn_changed after update of reason on turns
when (old.reason is null) <> (new.reason is null)
begin
  update attention set urgency = (select urgency from urgencies where threadId = new.threadId)
    where threadId = new.threadId;
end;

update attention
  set urgency = (select urgency from urgencies where urgencies.threadId = attention.threadId);
`
