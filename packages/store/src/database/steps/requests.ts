// What Codex asks. Steps of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

export const requests: Migration = `
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
