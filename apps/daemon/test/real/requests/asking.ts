// What the tests of requests stand on: a lane that asks for everything, and the request it makes.
import type { Request } from '@dispatch/contract'
import type { RunningDaemon } from '../../composed.ts'

/** Starts a turn on a new lane that asks before it does anything, and waits for its request. */
export const askOnNewLane = async (
  running: RunningDaemon,
  text: string,
  more: Partial<Parameters<ReturnType<RunningDaemon['ops']>['new']>[0]> = {},
): Promise<{ ref: string; id: string; request: Request }> => {
  const lane = await running.ops().new({
    name: 'a',
    sandbox: 'workspace-write',
    approvalPolicy: 'untrusted',
    text,
    ...more,
  })
  return { ref: lane.ref, id: lane.id, request: await requestOf(running, lane.ref) }
}

/** The one request that is pending on a lane, once it is. */
export const requestOf = async (running: RunningDaemon, lane: string): Promise<Request> => {
  await running.ops().wait({ lanes: [lane], until: 'approval' })
  const { requests } = await running.ops().request.list({ lane })
  const [request] = requests
  if (!request) throw new Error('nothing is pending')
  return request
}

/** The request as it is now. */
export const again = (running: RunningDaemon, { id }: Request): Promise<Request> =>
  running.ops().request.get({ id })

/** Waits for the lane's turn to end, past whatever it asked. */
export const done = async (running: RunningDaemon, lane: string) => {
  const waited = await running.ops().wait({ lanes: [lane] })
  const [outcome] = waited.lanes
  if (!outcome) throw new Error('no lane')
  return outcome
}
