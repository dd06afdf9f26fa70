import { describe, expect, it, vi } from 'vitest'
import { addLane, type Bench, call, deliveryRow, makeBench } from '../../test/bench.ts'
import { makeIdempotency } from './idempotency.ts'

const makeRoom = (bench: Bench) => {
  addLane(bench.store, 't')
  const idempotent = makeIdempotency(bench)
  /** A call under the key; the id that it runs under, and how it ends. */
  const begin = (id: string, asked: unknown = 'x') => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const request = { key: 'k', op: 'send', asked, call: call({ id }) }
    const ran = { under: '' }
    const done = idempotent.run(request, async (first) => {
      ran.under = first.id
      await promise
    })
    return { ran, done, succeed: resolve, refuse: () => reject(new Error('no')) }
  }
  const take = (id: string) => bench.store.deliveries.insert(deliveryRow(id, 't'))
  return { begin, take, keyed: () => bench.store.idempotencyKeys.get('k')?.callId ?? null }
}

describe('a key of a caller', () => {
  it('is free again after a request that left nothing behind', async () => {
    using bench = makeBench()
    const { begin, keyed } = makeRoom(bench)
    const first = begin('a')
    expect(keyed()).toBe('a')
    first.refuse()
    await expect(first.done).rejects.toThrow('no')
    expect(keyed()).toBeNull()
    const other = begin('b', 'y')
    expect(other.ran.under).toBe('b')
    other.succeed()
    await other.done
  })

  it('stays while another call under it runs, and stands for what that one made', async () => {
    using bench = makeBench()
    const { begin, take, keyed } = makeRoom(bench)
    const first = begin('a')
    const impatient = begin('b')
    expect(impatient.ran.under).toBe('a')
    impatient.refuse()
    await expect(impatient.done).rejects.toThrow('no')
    expect(keyed()).toBe('a')
    take('a')
    first.succeed()
    await first.done
    const later = begin('c')
    expect(later.ran.under).toBe('a')
    later.refuse()
    await expect(later.done).rejects.toThrow('no')
    expect(keyed()).toBe('a')
  })

  it('is freed by the last of several that were all refused', async () => {
    using bench = makeBench()
    const { begin, keyed } = makeRoom(bench)
    const calls = [begin('a'), begin('b')]
    for (const [at, one] of calls.entries()) {
      expect(keyed()).toBe('a')
      one.refuse()
      await expect(one.done).rejects.toThrow('no')
      expect(keyed()).toBe(at === 0 ? 'a' : null)
    }
  })

  it('is let be where it stands for a later call by now', async () => {
    using bench = makeBench()
    const { begin, keyed } = makeRoom(bench)
    const first = begin('a')
    const { idempotencyKeys } = bench.store
    idempotencyKeys.delete('k')
    idempotencyKeys.insert({ key: 'k', inputHash: 'other', callId: 'z', at: 1 })
    first.refuse()
    await expect(first.done).rejects.toThrow('no')
    expect(keyed()).toBe('z')
  })
})

describe('a key for several lanes', () => {
  const makeParts = (bench: Bench) => {
    const room = makeRoom(bench)
    const idempotent = makeIdempotency(bench)
    const keyed = (id: string, asked: unknown, part?: string) => ({
      key: 'k',
      ...(part === undefined ? {} : { part }),
      op: 'send',
      asked,
      call: call({ id }),
    })
    const hold = (id: string, asked: unknown, lanes: string[]) =>
      idempotent.hold(
        keyed(id, asked),
        lanes.map((lane) => keyed(`${id}-${lane}`, [lane, asked], lane)),
      )
    const callOf = (place: string) => bench.store.idempotencyKeys.get(place)?.callId ?? null
    const callsOf = () => ['k', 'k\nt', 'k\nu'].map(callOf)
    return { ...room, idempotent, keyed, hold, callsOf }
  }

  it('is on disk with those of its lanes in one commit, and stays with those that took it', () => {
    using bench = makeBench()
    const { take, hold, callsOf } = makeParts(bench)
    let open = 0
    let commits = 0
    const { durable } = bench.store
    vi.spyOn(bench.store, 'durable').mockImplementation((fn) => {
      if (open === 0) commits += 1
      open += 1
      try {
        return durable(fn)
      } finally {
        open -= 1
      }
    })
    {
      using _held = hold('a', 'x', ['t', 'u'])
      expect(callsOf()).toEqual(['a', 'a-t', 'a-u'])
      expect(commits).toBe(1)
      take('a-t')
    }
    expect(callsOf()).toEqual(['a', 'a-t', null])
    {
      using _held = hold('b', 'x', ['u'])
      expect(callsOf()).toEqual(['a', 'a-t', 'b-u'])
    }
    expect(callsOf()).toEqual(['a', 'a-t', null])
  })

  it('is free again where no lane took it', () => {
    using bench = makeBench()
    const { hold, callsOf } = makeParts(bench)
    hold('a', 'x', ['t', 'u'])[Symbol.dispose]()
    expect(callsOf()).toEqual([null, null, null])
  })

  it('stands for no other request, of several lanes or of one, and says its own name', async () => {
    using bench = makeBench()
    const { take, hold, keyed, idempotent, callsOf } = makeParts(bench)
    {
      using _held = hold('a', 'x', ['t'])
      take('a-t')
    }
    const refusal = { code: 'conflict', details: { call: 'a', key: 'k' } }
    expect(() => hold('b', 'y', ['u'])).toThrow(expect.objectContaining(refusal))
    const plain = idempotent.run(keyed('c', ['t', 'y']), async () => {})
    await expect(plain).rejects.toMatchObject(refusal)
    const ofLane = idempotent.run(keyed('d', ['t', 'y'], 't'), async () => {})
    await expect(ofLane).rejects.toMatchObject({
      code: 'conflict',
      details: { delivery: 'a-t', key: 'k' },
    })
    expect(callsOf()).toEqual(['a', 'a-t', null])
  })
})
