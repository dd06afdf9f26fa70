// What is kept of occurrences beyond their trigger, and beyond the lane that they made. A step of
// `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// The triggers that led to a message whose own was removed while it was under way: without them its
// turn would look like a person's. And a lane that was archived, by whomever, was put away.
export const leftRuns: Migration = `
create table leftCauses (
  deliveryId text primary key,
  chain text not null,
  createdAt integer not null
) strict, without rowid;
create index leftCauses_created on leftCauses (createdAt);
update triggerRuns
  set putAwayAt = (select archivedAt from lanes where callId = triggerRuns.id)
  where mode = 'new' and putAwayAt is null;
delete from leftLanes
  where callId in (select callId from lanes where archivedAt is not null);
`
