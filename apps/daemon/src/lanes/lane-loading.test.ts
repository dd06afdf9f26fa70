import { CodexRpcError } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import { addLane, type Bench, fakeClient, makeBench, startedFact } from '../../test/bench.ts'
import type { Fact } from '../codex/fact.ts'
import type { Loaded, MissedFacts } from '../turns/history.ts'
import type { Ingest } from '../turns/ingest.ts'
import { makeLaneLoading } from './lane-loading.ts'

const MINUTES = 60_000

const makeRoom = (bench: Bench, missed: MissedFacts = async () => []) => {
  const lane = addLane(bench.store, 't', { settings: { model: 'm' } })
  const did: string[] = []
  const client = fakeClient({
    'thread/resume': () => {
      did.push('resume')
      return {
        sandbox: { type: 'readOnly' },
        thread: { status: { type: 'active', activeFlags: [] } },
        initialTurnsPage: { data: [{ id: 'u', status: 'inProgress' }, 'odd'], nextCursor: 'c' },
      }
    },
  })
  const ingest = {
    hold: (threadId: string) => {
      did.push(`hold ${threadId}`)
      return {
        leaveToHistory: () => void did.push('left'),
        [Symbol.dispose]: () => void did.push('let go'),
      }
    },
    fillUp: (facts: Fact[]) => void did.push(`fill ${facts.length}`),
  } as unknown as Ingest
  const loading = makeLaneLoading({
    ...bench,
    ingest,
    homeId: 'h',
    missedFacts: missed,
    holderOf: () => null,
    loaded: (threadId, asking) => void did.push(`loaded ${threadId} ${asking}`),
    release: (threadId) => void did.push(`release ${threadId}`),
  })
  return { lane, did, client, loading, load: () => loading.load(client, lane) }
}

describe('loading a lane', () => {
  it('subscribes and fills up, while what comes waits; once', async () => {
    using bench = makeBench()
    const seen: Loaded[] = []
    const room = makeRoom(bench, async (_client, _lane, loaded) => {
      seen.push(loaded)
      return [startedFact('t', 'u')]
    })
    await room.load()
    await room.load()
    expect(room.did).toEqual(['hold t', 'resume', 'fill 1', 'loaded t false', 'let go'])
    expect(seen).toMatchObject([{ active: true, turns: { data: [{ id: 'u' }], nextCursor: 'c' } }])
    expect(room.client.asked[0]?.params).toMatchObject({ threadId: 't', model: 'm', cwd: '/work' })
  })

  it('is done again where the history could not be read, or the connection is another', async () => {
    using bench = makeBench()
    let fails = true
    const room = makeRoom(bench, async () => {
      if (fails) throw new CodexRpcError('thread/items/list', { code: 1, message: 'no' })
      return []
    })
    await expect(room.load()).rejects.toMatchObject({ code: 'app_server' })
    fails = false
    await room.load()
    room.loading.reset()
    await room.load()
    room.loading.unloaded('t')
    await room.load()
    expect(room.did.filter((one) => one === 'resume')).toHaveLength(4)
    expect(room.did.filter((one) => one === 'let go')).toHaveLength(4)
  })

  it('is not needed for a lane that was started here', async () => {
    using bench = makeBench()
    const room = makeRoom(bench)
    room.loading.started('t')
    await room.load()
    expect(room.did).toEqual([])
  })
})

describe('letting a lane go', () => {
  it.each(['started', 'idle', 'load'] as const)('comes ten minutes after %s', async (how) => {
    using bench = makeBench()
    const { did, loading, load } = makeRoom(bench)
    if (how === 'load') await load()
    else loading[how]('t')
    bench.clock.advance(10 * MINUTES - 1)
    expect(did).not.toContain('release t')
    bench.clock.advance(1)
    expect(did.at(-1)).toBe('release t')
    expect(bench.clock.pending()).toBe(0)
  })

  it('begins anew with each use', async () => {
    using bench = makeBench()
    const { did, loading, load } = makeRoom(bench)
    loading.started('t')
    bench.clock.advance(9 * MINUTES)
    await load()
    bench.clock.advance(9 * MINUTES)
    loading.idle('t')
    bench.clock.advance(9 * MINUTES)
    expect(did).not.toContain('release t')
  })

  it('is called off by what unloads it', () => {
    using bench = makeBench()
    const { did, loading } = makeRoom(bench)
    for (const off of ['unloaded', 'reset', 'dispose'] as const) {
      loading.started('t')
      if (off === 'unloaded') loading.unloaded('t')
      else if (off === 'reset') loading.reset()
      else loading[Symbol.dispose]()
      expect(bench.clock.pending()).toBe(0)
    }
    expect(did).toEqual([])
  })
})
