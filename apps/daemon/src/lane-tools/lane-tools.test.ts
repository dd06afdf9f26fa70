// Whose calls are answered, and what is made of them: the room without Codex and without the ops.
import { DaemonConfig, DispatchError, type Call } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import { expect, it } from 'vitest'
import { addLane, auditOf, type Bench, makeBench } from '../../test/bench.ts'
import type { Refused } from '../codex/asked.ts'
import { laneToolManifest } from '../contract-facts.ts'
import { makeLaneTools } from './lane-tools.ts'

const turnId = '01a1fdd6-ba0a-7922-a87d-f8bb33ac5a8f'
const asked = (threadId: string, tool: string, given: unknown = {}) => ({
  rpcId: '7',
  threadId,
  turnId,
  callId: 'c',
  tool,
  arguments: given,
})

type RoomOptions = {
  shared?: boolean
  answer?: () => unknown
  /** Of the room before. */
  bench?: Bench
}

const makeRoom = (more: RoomOptions = {}) => {
  using stack = new DisposableStack()
  const bench = more.bench ?? stack.use(makeBench())
  const { store, clock } = bench
  const performed: { op: string; input: unknown; call: Call }[] = []
  const refused: Refused[] = []
  const find = (handle: string): LaneRow => {
    const lane = store.lanes.byLiveHandle(handle)
    if (lane) return lane
    throw new DispatchError('not_found', handle)
  }
  const config = DaemonConfig.parse(
    Object.fromEntries(Object.keys(DaemonConfig.shape).map((name) => [name, {}])),
  )
  const room = makeLaneTools({
    heldCaller: async () => null,
    store,
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    audit: auditOf(bench).audit,
    configuration: { daemon: () => config },
    find: { reading: find, writing: find },
    ops: () => laneToolManifest,
    mayBeShared: () => more.shared ?? false,
    refused: (one) => void refused.push(one),
    drain: () => {},
    perform: async (op, input, call) => {
      performed.push({ op, input, call })
      return more.answer?.() ?? {}
    },
  })
  stack.use(room)
  const owned = stack.move()
  return { bench, store, clock, room, performed, refused, [Symbol.dispose]: () => owned.dispose() }
}

it('a call is made in the name of its lane, the same one each time that Codex asks', async () => {
  using it = makeRoom()
  addLane(it.store, 'a', { cwd: '/work' })
  const other = addLane(it.store, 'b')
  const call = asked('a', 'dispatch_send', { lane: '@b', text: 'x' })
  await it.room.called(call)
  await it.room.called({ ...call, rpcId: '9' })
  expect(it.performed).toMatchObject([
    { op: 'send', input: { lane: other.threadId, text: 'x' } },
    { op: 'send', input: { lane: other.threadId, text: 'x' } },
  ])
  const [first, again] = it.performed.map((one) => one.call)
  expect(first).toMatchObject({ caller: 'lane', threadId: 'a', cwd: '/work' })
  expect(first?.id).toMatch(/^01a1fdd6-ba0a-7[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/)
  expect(again?.id).toBe(first?.id)
})

it.each([
  ['of a tool that is none', asked('a', 'somebody_elses')],
  ['of an op that is never a tool', asked('a', 'dispatch_adopt', { lane: '@a' })],
  ['of a thread that is no lane', asked('nobody', 'dispatch_list')],
  ['of an attached lane', asked('attached', 'dispatch_list')],
])('a call %s is refused, and told', async (_of, call) => {
  using it = makeRoom()
  addLane(it.store, 'a')
  addLane(it.store, 'attached', { source: 'attached' })
  expect(await it.room.called(call)).toMatchObject({ success: false })
  expect(it.refused).toMatchObject([{ method: 'item/tool/call', threadId: call.threadId }])
  expect(it.performed).toEqual([])
})

it("another client's tool is left to that client where one may have joined", async () => {
  using it = makeRoom({ shared: true })
  addLane(it.store, 'a')
  const isOpen = Symbol('open')
  const soon = new Promise((resolve) => setImmediate(() => resolve(isOpen)))
  expect(await Promise.race([it.room.called(asked('nobody', 'theirs')), soon])).toBe(isOpen)
  expect(await it.room.called(asked('a', 'theirs'))).toMatchObject({ success: false })
})

it('what an op throws is an answer, and so is a bad verdict', async () => {
  using thrown = makeRoom({
    answer: () => {
      throw new DispatchError('app_server', 'no', { hint: 'dispatch doctor' })
    },
  })
  addLane(thrown.store, 'a')
  const { success, text } = await thrown.room.called(asked('a', 'dispatch_list'))
  expect(success).toBe(false)
  expect(JSON.parse(text)).toMatchObject({
    error: { code: 'app_server', message: 'no', hint: 'For a person: dispatch doctor' },
  })
  using verdict = makeRoom({ answer: () => ({ met: false, error: { code: 'timeout' } }) })
  addLane(verdict.store, 'a')
  addLane(verdict.store, 'b')
  const late = await verdict.room.called(asked('a', 'dispatch_wait', { lanes: ['@b'] }))
  expect(late).toMatchObject({ success: false, text: expect.stringContaining('"met":false') })
  expect(verdict.performed[0]?.input).toEqual({ lanes: ['b'], timeoutSeconds: 300 })
})

it('notes name the tools of the agent, and what is for a person', async () => {
  const notes = ['dispatch get @b shows it.', 'dispatch trigger list']
  using it = makeRoom({ answer: () => ({ notes }) })
  addLane(it.store, 'a', { laneTools: ['get', 'list'] })
  const { success, text } = await it.room.called(asked('a', 'dispatch_list'))
  expect(success).toBe(true)
  expect(JSON.parse(text)).toEqual({
    notes: ['dispatch_get {"lane":"@b"} shows it.', 'For a person: dispatch trigger list'],
  })
})

it('messages count in the next daemon from when they could be sent, each once', async () => {
  using first = makeRoom({ answer: () => new Promise(() => {}) })
  const { store, clock } = first
  addLane(store, 'a')
  addLane(store, 'b')
  const send = (callId: string, more: Record<string, unknown> = {}) => ({
    ...asked('a', 'dispatch_send', { lane: '@b', text: 'x', ...more }),
    callId,
  })
  // Both are open when their daemon is killed.
  void first.room.called(send('waited', { wait: true }))
  clock.advance(30_000)
  for (let count = 0; count < 29; count += 1) void first.room.called(send(`${count}`))

  using next = makeRoom({ bench: first.bench })
  const isSent = async (callId: string) => (await next.room.called(send(callId))).success
  const refused = await next.room.called(send('more'))
  expect(JSON.parse(refused.text)).toMatchObject({
    error: { details: { bound: 'messages_per_minute', limit: 30 } },
  })
  // Asked again by Codex: it counts already.
  expect(await isSent('28')).toBe(true)
  expect(await isSent('more')).toBe(false)
  clock.advance(30_000)
  expect([await isSent('more'), await isSent('beyond')]).toEqual([true, false])
})

it('nothing stays of lanes that send no more', async () => {
  using it = makeRoom()
  const { store, clock } = it
  for (const id of ['a', 'b', 'c']) addLane(store, id)
  const send = (threadId: string) =>
    it.room.called(asked(threadId, 'dispatch_send', { lane: '@c', text: 'x' }))
  const kept = () => ['a', 'b'].map((id) => store.runtime.get(`laneTools.sent.${id}`))
  await send('a')
  expect(kept()).toEqual([[[expect.any(String), clock.now()]], null])
  clock.advance(60_000)
  await send('b')
  expect(kept()).toEqual([null, [[expect.any(String), clock.now()]]])
  expect(store.runtime.get('laneTools.senders')).toEqual(['b'])
})

it.each([
  [null, {}],
  ['no object', null],
  [[1], null],
])('arguments %o', async (given, input) => {
  using it = makeRoom()
  addLane(it.store, 'a')
  const { success } = await it.room.called(asked('a', 'dispatch_list', given))
  expect(success).toBe(input !== null)
  expect(it.performed.map((one) => one.input)).toEqual(input === null ? [] : [input])
})

it('what a bound refuses is on record, as the wrong input that it is too; other wrong input is not', async () => {
  using it = makeRoom()
  addLane(it.store, 'a')
  const itself = await it.room.called(asked('a', 'dispatch_wait', { lanes: ['@a'] }))
  expect(itself.success).toBe(false)
  const rows = () => it.store.audit.list({ limit: 9 })
  expect(rows()).toMatchObject([
    { op: 'wait', actor: 'lane', outcome: 'validation', detail: { bound: expect.any(String) } },
  ])
  await it.room.called(asked('a', 'dispatch_wait', { lanes: 7 }))
  expect(rows()).toHaveLength(1)
})
