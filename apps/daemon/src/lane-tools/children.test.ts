import { DaemonConfig, type EffectiveSettings } from '@dispatch/contract'
import type { CreationDraft } from '@dispatch/store'
import { expect, it } from 'vitest'
import { addLane, call, makeBench } from '../../test/bench.ts'
import { makeHoldFork } from './children.ts'

const draft: CreationDraft = {
  name: 'child',
  title: 'child',
  cwd: '/work',
  ephemeral: false,
  settings: {},
  fork: null,
}

const effective: EffectiveSettings = {
  model: null,
  modelProvider: null,
  effort: null,
  sandbox: 'danger-full-access',
  approvalPolicy: 'never',
  serviceTier: null,
  approvalsReviewer: 'user',
}

it.each([
  ['a lane that an agent made', 'lead', 'root'],
  ['a lane that no agent made', 'root', 'root'],
])('a child of %s is asked for with the lane that all come from', async (_of, caller, root) => {
  using bench = makeBench()
  const { store } = bench
  addLane(store, 'root', { effective })
  addLane(store, 'lead', { parentId: 'root', rootId: 'root', depth: 1, effective })
  const policy = DaemonConfig.shape.policy.parse({})
  const hold = makeHoldFork({
    store,
    configuration: { daemon: () => ({ policy }) as DaemonConfig },
    heldCaller: async () => store.lanes.get(caller),
  })
  const of = store.lanes.get(caller)
  if (!of) throw new Error('there is no such lane')
  const held = await hold(draft, of, call({ caller: 'lane', threadId: caller }))
  expect(held.parent).toEqual({ threadId: caller, rootId: root, depth: of.depth + 1 })
})
