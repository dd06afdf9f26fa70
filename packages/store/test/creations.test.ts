import { expect, test } from 'vitest'
import type { CreationRow } from '../src/index.ts'
import { insertLane, makeTempStore } from './temp-store.ts'

const creation = (callId: string, part: Partial<CreationRow> = {}): CreationRow => ({
  callId,
  inputHash: 'hash',
  draft: {
    name: 'a',
    title: '[repo] a',
    cwd: '/work',
    ephemeral: false,
    settings: { model: 'm' },
    fork: null,
  },
  server: { pid: 1, startedAt: 2 },
  at: 1,
  threadId: null,
  state: 'begun',
  ...part,
})

test('a creation is unfinished while a thread may be on its way, and until its lane is named', () => {
  using temp = makeTempStore()
  const { creations } = temp.store
  insertLane(temp.store, 't1')
  creations.put(creation('begun', { at: 3 }))
  creations.put(creation('gone', { state: 'absent' }))
  creations.put(creation('lane', { at: 2, threadId: 't1', draft: null, state: 'registered' }))
  expect(creations.unfinished().map(({ callId }) => callId)).toEqual(['lane', 'begun'])
  expect(creations.get('begun')).toEqual(creation('begun', { at: 3 }))
  creations.update('lane', { state: 'done' })
  creations.update('begun', { state: 'absent', draft: null })
  expect(creations.unfinished()).toEqual([])
})

test('a call that begins again takes the place of its earlier try', () => {
  using temp = makeTempStore()
  const { creations } = temp.store
  creations.put(creation('c', { state: 'absent' }))
  creations.put(creation('c', { server: { pid: 9, startedAt: 9 }, at: 9 }))
  expect(creations.get('c')).toMatchObject({ server: { pid: 9 }, at: 9 })
  creations.delete('c')
  expect(creations.get('c')).toBeNull()
})

test('it goes with its lane', () => {
  using temp = makeTempStore()
  insertLane(temp.store, 't1')
  temp.store.creations.put(creation('c', { threadId: 't1', state: 'done', draft: null }))
  expect(temp.store.forgetting.dependents('t1')).toMatchObject({ creations: 1 })
  temp.store.forgetting.forget('t1')
  expect(temp.store.creations.get('c')).toBeNull()
})
