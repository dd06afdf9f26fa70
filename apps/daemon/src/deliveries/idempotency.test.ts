import { describe, expect, it } from 'vitest'
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
    const done = idempotent(request, async (first) => {
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
