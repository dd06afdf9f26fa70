// Lanes that agents in lanes make, and the tools that they have. Steps of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// The lane that made one may be forgotten before it: how deep it is stays with it, and no key refers to that.
export const laneTools: Migration = `
alter table lanes add column parentId text;
alter table lanes add column depth integer not null default 0;
alter table lanes add column laneTools text;
create index lanes_children on lanes (parentId) where parentId is not null and archivedAt is null;
`
