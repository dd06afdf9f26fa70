import { describe, expect, it } from 'vitest'
import { makeTurnSlots } from './turn-slots.ts'

/** Slots over lanes that are told to work, to wait and to want a turn; `woken` notes whom it wakes. */
const makeLanes = (limit: number | null) => {
  const lanes = {
    limit,
    working: new Set<string>(),
    waiting: [] as string[],
    wants: new Set<string>(),
    woken: [] as string[],
  }
  const slots = makeTurnSlots({
    limit: () => lanes.limit,
    working: () => [...lanes.working],
    waiting: () => lanes.waiting,
    wants: (threadId) => lanes.wants.has(threadId),
    wake: (threadId) => void lanes.woken.push(threadId),
  })
  const queue = (...threadIds: string[]): void => {
    lanes.waiting = threadIds
    lanes.wants = new Set(threadIds)
  }
  /** The lane's message leaves, and its turn runs. */
  const run = (threadId: string): void => {
    slots.started(threadId)
    lanes.working.add(threadId)
    lanes.waiting = lanes.waiting.filter((one) => one !== threadId)
  }
  return { lanes, slots, queue, run }
}

describe('without a limit', () => {
  it('every lane may start, and nobody is woken for it', () => {
    const { lanes, slots, queue } = makeLanes(null)
    queue('a', 'b')
    slots.deal()
    expect([slots.admit('a'), slots.admit('b')]).toEqual([true, true])
    expect(slots.isFull('c')).toBe(false)
    expect(lanes.woken).toEqual([])
  })
})

describe('with a limit', () => {
  it('as many lanes start as may, and the next one when a turn has ended', () => {
    const { lanes, slots, queue, run } = makeLanes(1)
    queue('a', 'b')
    expect(slots.admit('a')).toBe(true)
    expect(slots.admit('b')).toBe(false)
    run('a')
    expect(slots.admit('b')).toBe(false)
    lanes.working.delete('a')
    slots.deal()
    expect(lanes.woken.at(-1)).toBe('b')
    expect(slots.admit('b')).toBe(true)
  })

  it('a slot that was given is taken until its lane has started or given up', () => {
    const { slots, queue } = makeLanes(1)
    queue('a', 'b')
    expect(slots.admit('a')).toBe(true)
    expect(slots.admit('a')).toBe(true)
    expect(slots.isFull('b')).toBe(true)
    expect(slots.isFull('a')).toBe(false)
    slots.gaveUp('a')
    expect(slots.isFull('b')).toBe(false)
  })

  it('the lane whose last turn is the longest ago comes first', () => {
    const { lanes, slots, queue, run } = makeLanes(1)
    queue('a', 'b', 'c')
    const order: string[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      slots.deal()
      const next = lanes.woken.at(-1) ?? ''
      order.push(next)
      run(next)
      lanes.working.delete(next)
      queue('a', 'b', 'c')
    }
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('one that does not want its turn now leaves it to the next', () => {
    const { lanes, slots, queue } = makeLanes(1)
    queue('a', 'b')
    lanes.wants.delete('a')
    slots.deal()
    expect(lanes.woken).toEqual(['b'])
    expect(slots.admit('a')).toBe(false)
  })

  it('nobody is woken twice for one slot', () => {
    const { lanes, slots, queue } = makeLanes(2)
    queue('a', 'b', 'c')
    slots.deal()
    slots.deal()
    expect(lanes.woken).toEqual(['a', 'b'])
  })

  it('lanes that work without a slot count, and are in the way of nobody', () => {
    const { lanes, slots, queue } = makeLanes(1)
    lanes.working.add('goal')
    queue('a')
    expect(slots.admit('a')).toBe(false)
    expect(slots.isFull('a')).toBe(true)
    expect(slots.isFull('goal')).toBe(false)
  })

  it('that is lowered ends nothing, that is raised or lifted lets more lanes start', () => {
    const { lanes, slots, queue, run } = makeLanes(2)
    queue('a', 'b', 'c', 'd')
    slots.deal()
    for (const lane of ['a', 'b']) run(lane)
    lanes.limit = 1
    slots.deal()
    expect(lanes.woken).toEqual(['a', 'b'])
    lanes.limit = 3
    slots.deal()
    expect(lanes.woken).toEqual(['a', 'b', 'c'])
    lanes.limit = null
    slots.deal()
    expect(slots.admit('d')).toBe(true)
    expect(slots.isFull('e')).toBe(false)
  })
})
