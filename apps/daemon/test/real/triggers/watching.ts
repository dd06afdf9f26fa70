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

/** Lets the time of a trigger by time come now: none of these tests goes by how fast it is. */
export const comes = async (running: RunningDaemon, name = 't'): Promise<void> => {
  const { triggers } = running.store
  const [row] = triggers.byName(name, 1)
  if (!row) throw new Error(`there is no trigger ${name}`)
  const now = Date.now()
  const spec = row.kind === 'at' ? { ...row.spec, at: now } : row.spec
  const armedAt = now - (spec.everyMs ?? 0)
  triggers.update(row.id, { spec, armedAt, nextAt: now, scheduledAt: now })
  // Nothing is changed by it, and its times are looked at.
  await running.ops().trigger.resume({ trigger: name })
}

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
