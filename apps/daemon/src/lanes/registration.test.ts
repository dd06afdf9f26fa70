import { expect, it } from 'vitest'
import type { CreationDraft } from '@dispatch/store'
import { addLane, makeBench } from '../../test/bench.ts'
import type { Begun } from './begin-thread.ts'
import { makeRegistration } from './registration.ts'

const begun = {
  started: { thread: { id: 'child', path: null }, sandbox: { type: 'readOnly' } },
  from: null,
} as unknown as Begun

const draft: CreationDraft = {
  name: 'child',
  title: 'child',
  cwd: '/work',
  ephemeral: false,
  settings: {},
  fork: null,
}

it.each([
  ['the root that its draft has', { threadId: 'lead', rootId: 'root', depth: 2 }, 'root'],
  ['its maker, where its draft has no root', { threadId: 'lead', depth: 2 }, 'lead'],
])('counts below %s, though that maker is detached', (_what, parent, rootId) => {
  using bench = makeBench()
  const { store } = bench
  addLane(store, 'root')
  addLane(store, 'lead', { parentId: 'root', rootId: 'root', depth: 1 })
  const register = makeRegistration({ ...bench, loading: { started: () => undefined } })
  store.transaction(() => store.forgetting.forget('lead'))
  const lane = register(begun, { ...draft, parent }, { callId: 'c', state: 'registered' })
  expect(lane).toMatchObject({ parentId: 'lead', rootId, depth: 2 })
  expect(store.lanes.below(rootId)).toBe(1)
})
