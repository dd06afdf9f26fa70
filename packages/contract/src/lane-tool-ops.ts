// The ops that agents in lanes may be offered, by name: what `[lane_tools] ops` may hold. Their meta says the
// same, which a law compares; it stands here once more because a configuration is read without the router.

/** Paths of ops. */
export const laneToolOps = [
  'new',
  'list',
  'get',
  'send',
  'wait',
  'last',
  'tail',
  'stop',
  'rename',
  'archive',
  'models',
  'goal.status',
  'queue.list',
  'queue.get',
  'delivery.get',
  'delivery.list',
  'request.list',
  'request.get',
] as const
