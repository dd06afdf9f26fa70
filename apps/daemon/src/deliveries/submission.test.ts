import { CodexRpcError, CodexTimeoutError } from '@dispatch/codex-client'
import type { LaneSettings, TurnSettings } from '@dispatch/contract'
import type { DeliveryRow } from '@dispatch/store'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  deliveryRow,
  endedFact,
  fakeClient,
  fakeLink,
  itemDone,
  itemFact,
  makeBench,
} from '../../test/bench.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { Ingest } from '../turns/ingest.ts'
import { makeDeliveryWriter } from './delivery-writer.ts'
import type { Message } from './message.ts'
import { makeSubmission } from './submission.ts'
import { makeTurnStart } from './turn-start.ts'

const effective = {
  model: 'm0',
  modelProvider: 'p',
  effort: 'medium',
  sandbox: 'workspace-write',
  approvalPolicy: 'granular',
  approvalsReviewer: null,
  serviceTier: null,
}

type Given = {
  start?: () => unknown
  reconcile?: (threadId: string) => Promise<void>
  draining?: () => boolean
  load?: () => void
  link?: CodexLink
}

const makeRoom = (bench: Bench, given: Given = {}) => {
  const { start, reconcile, draining = () => false, load, link } = given
  const deliveries = makeDeliveryWriter(bench)
  const reconciled: string[] = []
  let turns = 0
  const seen: (DeliveryRow | null)[] = []
  const client = fakeClient({
    'turn/start': (params) => {
      seen.push(bench.store.deliveries.get(String(params['clientUserMessageId'])))
      turns += 1
      return start ? start() : { turn: { id: `u${turns}` } }
    },
  })
  const options = {
    ...bench,
    link: link ?? fakeLink(client),
    ingest: { drain: () => {} } as Ingest,
    loading: { load: async () => load?.() } as unknown as LaneLoading,
    deliveries,
    touched: () => {},
    isDraining: draining,
    reconcile: async (threadId: string) => {
      reconciled.push(threadId)
      await reconcile?.(threadId)
    },
  }
  const submission = makeSubmission({ ...options, start: makeTurnStart(options) })
  const over = new AbortController()
  const submit = (message: Message) => submission.submit(message, over.signal)
  const send = (id: string, overrides: TurnSettings = {}) =>
    submit({ id, threadId: 't', mode: 'send', text: 'hi', overrides, actor: 'cli' })
  /** Plays the turn of that message to its end. */
  const finish = (id: string): void => {
    const turnId = bench.store.deliveries.get(id)?.turnId ?? ''
    const lane = bench.store.lanes.get('t')
    if (!lane) throw new Error('no lane')
    const message = itemFact(`i-${id}`, { type: 'userMessage', clientId: id })
    bench.events.commit((tx) => {
      deliveries.onFact(tx, lane, itemDone('t', turnId, message))
      deliveries.onFact(tx, lane, endedFact('t', turnId))
      bench.store.lanes.update('t', { activeTurnId: null, status: 'idle' })
    })
  }
  const asked = () =>
    client.asked.map(({ params }) => {
      const {
        threadId: _t,
        clientUserMessageId: _c,
        input: _i,
        ...settings
      } = params as object & {
        threadId: string
        clientUserMessageId: string
        input: unknown
      }
      return settings
    })
  return { submit, send, over, finish, asked, client, seen, reconciled }
}

describe('handing a message over', () => {
  it('is on disk before it leaves, and names its turn', async () => {
    using bench = makeBench()
    const rolloutPath = join(bench.folder, 'r.jsonl')
    writeFileSync(rolloutPath, 'twelve bytes')
    addLane(bench.store, 't', { rolloutPath })
    const { send, seen } = makeRoom(bench)
    const row = await send('d')
    expect(seen[0]).toMatchObject({
      state: 'submitting',
      rolloutBytes: 12,
      server: { pid: 7, startedAt: 70 },
    })
    expect(row).toMatchObject({ state: 'submitting', turnId: 'u1', landed: 'turn' })
    expect(bench.store.lanes.get('t')).toMatchObject({ activeTurnId: 'u1', status: 'busy' })
    expect(bench.store.turns.get('t', 'u1')).toMatchObject({ status: 'started', startedAt: null })
  })

  it('counts from the first byte where there is no rollout yet', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { rolloutPath: join(bench.folder, 'none') })
    expect((await makeRoom(bench).send('d')).rolloutBytes).toBe(0)
  })

  it('is the same delivery when it comes again', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { send, client } = makeRoom(bench)
    await send('d')
    expect((await send('d')).id).toBe('d')
    expect(client.asked).toHaveLength(1)
  })

  it('says that it was steered into a turn that ran', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.turns.upsert({ threadId: 't', id: 'other', status: 'started' })
    const { send } = makeRoom(bench, { start: () => ({ turn: { id: 'other' } }) })
    expect(await send('d')).toMatchObject({ landed: 'steered', turnId: 'other' })
  })

  it('is refused on a busy lane, and leaves nothing behind', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u' })
    const { send, client } = makeRoom(bench)
    await expect(send('d')).rejects.toMatchObject({ code: 'lane_busy' })
    expect(bench.store.deliveries.get('d')).toBeNull()
    expect(client.asked).toEqual([])
  })
})

describe('what goes wrong', () => {
  it('has failed when Codex says no', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const start = () => {
      throw new CodexRpcError('turn/start', { code: -32600, message: 'no such luck' })
    }
    const { send } = makeRoom(bench, { start })
    await expect(send('d')).rejects.toMatchObject({ code: 'app_server' })
    expect(bench.store.deliveries.get('d')).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('no such luck'),
    })
  })

  it('is judged when the no cannot be written', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    let isFull = false
    const commit: Bench['events']['commit'] = (write, how) => {
      if (isFull) throw new Error('disk full')
      return bench.events.commit(write, how)
    }
    const start = () => {
      isFull = true
      throw new CodexRpcError('turn/start', { code: -32600, message: 'no such luck' })
    }
    const { send, reconciled } = makeRoom(
      { ...bench, events: { ...bench.events, commit } },
      { start },
    )
    await expect(send('d')).rejects.toMatchObject({ code: 'app_server' })
    expect([bench.store.deliveries.get('d')?.state, reconciled]).toEqual(['submitting', ['t']])
  })

  it('is judged when Codex is silent: silence is no no', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const start = () => {
      throw new CodexTimeoutError('turn/start', 30_000)
    }
    const { send, reconciled } = makeRoom(bench, { start })
    expect((await send('d')).state).toBe('submitting')
    expect(reconciled).toEqual(['t'])
  })

  it('judges what an earlier message became before the lane is called busy with it', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('old', 't'))
    const reconcile = async () => void bench.store.deliveries.update('old', { state: 'failed' })
    const room = makeRoom(bench, { reconcile })
    expect((await room.send('d')).turnId).toBe('u1')
    expect(room.reconciled).toEqual(['t'])
  })

  it('is refused while that cannot be judged', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('old', 't'))
    await expect(makeRoom(bench).send('d')).rejects.toMatchObject({ code: 'lane_busy' })
  })
})

describe('the settings of a turn', () => {
  const settings: LaneSettings = { effort: 'low', developerInstructions: 'x' }

  it('are those of the lane, with every turn', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { settings, effective })
    const { send, finish, asked } = makeRoom(bench)
    await send('1')
    finish('1')
    await send('2')
    expect(asked()).toEqual([{ effort: 'low' }, { effort: 'low' }])
  })

  it('hold for one turn where they are overridden: what was in force is sent afterwards', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { settings, effective })
    const { send, finish, asked } = makeRoom(bench)
    await send('1', { model: 'big', effort: 'high', sandbox: 'read-only' })
    finish('1')
    await send('2')
    finish('2')
    await send('3', { model: 'other' })
    const workspaceWrite = {
      type: 'workspaceWrite',
      writableRoots: [],
      networkAccess: false,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: false,
    }
    expect(asked()).toEqual([
      { model: 'big', effort: 'high', sandboxPolicy: { type: 'readOnly', networkAccess: false } },
      { model: 'm0', effort: 'low', sandboxPolicy: workspaceWrite },
      { model: 'other', effort: 'low', sandboxPolicy: workspaceWrite },
    ])
  })

  it('leave out what Codex reports but does not take', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { effective })
    const { send, finish, asked } = makeRoom(bench)
    await send('1', { approvalPolicy: 'never' })
    finish('1')
    await send('2')
    expect(asked()).toEqual([{ approvalPolicy: 'never' }, {}])
  })
})

describe('a message is refused', () => {
  it('where its id is that of another one', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    addLane(bench.store, 'x')
    const { submit } = makeRoom(bench)
    const message = {
      id: 'd',
      threadId: 't',
      mode: 'send',
      text: 'hi',
      overrides: {},
      actor: 'cli',
    } as const
    await submit(message)
    expect((await submit(message)).id).toBe('d')
    await expect(submit({ ...message, text: 'ho' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(submit({ ...message, threadId: 'x' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(submit({ ...message, mode: 'queue' })).rejects.toMatchObject({ code: 'conflict' })
    const overrides = { sandbox: 'danger-full-access' } as const
    await expect(submit({ ...message, overrides })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('but never because of what its introduction says by now', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { submit } = makeRoom(bench)
    const rest = { id: 'd', threadId: 't', mode: 'send', overrides: {}, actor: 'cli' } as const
    await submit({ ...rest, text: 'From @a: hi', said: 'hi' })
    expect((await submit({ ...rest, text: 'hi', said: 'hi' })).id).toBe('d')
    const other = submit({ ...rest, text: 'From @a: ho', said: 'ho' })
    await expect(other).rejects.toMatchObject({ code: 'conflict' })
  })

  it('once its sender was told that the time is up', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const late = new Error('late')
    const room = makeRoom(bench, { load: () => room.over.abort(late) })
    await expect(room.send('d')).rejects.toBe(late)
    expect(bench.store.deliveries.get('d')).toBeNull()
    expect(room.client.asked).toEqual([])
  })

  it('while the daemon drains', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    await expect(makeRoom(bench, { draining: () => true }).send('d')).rejects.toMatchObject({
      code: 'lane_busy',
      message: expect.stringContaining('leaves'),
    })
    expect(bench.store.deliveries.get('d')).toBeNull()
  })

  it('where the daemon begins to drain while the lane is loaded', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    let draining = false
    const load = () => void (draining = true)
    const { send, client } = makeRoom(bench, { load, draining: () => draining })
    await expect(send('d')).rejects.toMatchObject({ message: expect.stringContaining('leaves') })
    expect([bench.store.deliveries.get('d'), client.asked]).toEqual([null, []])
  })

  it('where the connection was lost while it waited for its turn', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    await expect(makeRoom(bench, { link: fakeLink(null) }).send('d')).rejects.toMatchObject({
      code: 'app_server',
    })
    expect(bench.store.deliveries.get('d')).toBeNull()
  })
})
