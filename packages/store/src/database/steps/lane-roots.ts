// The lane that the lanes of agents come from, so that all of them are counted along an index, those of lanes
// that are archived meanwhile too. A step of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// A lane that made others may be forgotten: its id is their root all the same.
export const laneRoots: Migration = `
alter table lanes add column rootId text;
with recursive below (threadId, rootId) as (
  select threadId, parentId from lanes
    where parentId is not null
      and parentId not in (select threadId from lanes where parentId is not null)
  union all
  select lanes.threadId, below.rootId
    from below inner join lanes on lanes.parentId = below.threadId
)
update lanes
  set rootId = (select below.rootId from below where below.threadId = lanes.threadId)
  where parentId is not null;
create index lanes_roots on lanes (rootId) where rootId is not null and archivedAt is null;
`
