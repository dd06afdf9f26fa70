// What the tests of triggers look at.
import type { DispatchEvent, TriggerRun } from '@dispatch/contract'
import type { ModelSimulator } from '@dispatch/model-simulator'
import type { RunningDaemon } from '../../composed.ts'

type AddInput = Parameters<ReturnType<RunningDaemon['ops']>['trigger']['add']>[0]

/** What people and triggers said to the model, in the order in which it was asked. */
export const asked = (model: ModelSimulator): string[] =>
  model.requests.flatMap(({ prompt }) => (prompt?.kind === 'user' ? [prompt.text] : []))

/** Adds a trigger; what is not said is what the shortest of them has. */
export const add = (running: RunningDaemon, part: Partial<AddInput>) =>
  running
    .ops()
    .trigger.add({ name: 't', when: 'interval', action: 'send', text: 'reply: fired', ...part })

/** The occurrences of a trigger, oldest first. */
export const runsOf = async (running: RunningDaemon, name = 't'): Promise<TriggerRun[]> =>
  (await running.ops().trigger.runs({ trigger: name })).runs.toReversed()

/** The n-th event of that type and, where it is said, of that trigger. */
export const nth = (
  running: RunningDaemon,
  type: DispatchEvent['type'],
  { count = 1, name }: { count?: number; name?: string } = {},
): Promise<DispatchEvent> => {
  let seen = 0
  return running.event((event) => {
    if (event.type === type && (name === undefined || event.data.name === name)) seen += 1
    return seen === count
  })
}

/** Waits for the lane to be done. */
export const done = (running: RunningDaemon, lane: string) => running.ops().wait({ lanes: [lane] })
