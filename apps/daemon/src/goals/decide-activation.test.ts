import { describe, expect, it } from 'vitest'
import { type ActivationState, decideActivation } from './decide-activation.ts'

const decide = (part: Partial<ActivationState>) =>
  decideActivation({
    pausedFor: 'message',
    isArchived: false,
    turn: null,
    waiting: [],
    first: null,
    hasBegun: false,
    ...part,
  })

const begun = { startedAt: 1 }
const unseen = { startedAt: null }
const delivery = (state: 'queued' | 'submitting' | 'ambiguous' | 'accepted' | 'failed') => ({
  id: 'd',
  state,
})

describe('a goal that is paused for a message', () => {
  it('goes on when nothing is left to go first', () => {
    expect(decide({})).toBe('activate')
    expect(decide({ turn: begun })).toBe('activate')
    expect(decide({ waiting: [delivery('ambiguous')] })).toBe('activate')
  })

  it('waits until Codex has told of the start of the turn', () => {
    expect(decide({ waiting: [delivery('submitting')] })).toBe('wait')
    expect(decide({ turn: unseen, waiting: [delivery('submitting')] })).toBe('wait')
    expect(decide({ turn: begun, waiting: [delivery('submitting')] })).toBe('activate')
  })

  it('waits for all that is queued', () => {
    expect(decide({ turn: begun, waiting: [delivery('queued')] })).toBe('wait')
  })

  it('stays paused on an archived lane', () => {
    expect(decide({ isArchived: true })).toBe('forget')
  })
})

describe('a goal that new has set', () => {
  it('goes on only once its message is on its way', () => {
    const pausedFor = 'new'
    expect(decide({ pausedFor })).toBe('wait')
    expect(decide({ pausedFor, first: delivery('accepted'), turn: begun })).toBe('activate')
    expect(decide({ pausedFor, first: delivery('accepted') })).toBe('activate')
    const onItsWay = delivery('submitting')
    expect(decide({ pausedFor, first: onItsWay, waiting: [onItsWay] })).toBe('wait')
  })

  it('goes on after the first turn of any message, where its own never came into being', () => {
    expect(decide({ pausedFor: 'new', hasBegun: true, turn: begun })).toBe('activate')
    expect(decide({ pausedFor: 'new', hasBegun: true, turn: unseen })).toBe('wait')
  })

  it('stays paused when the message has failed', () => {
    expect(decide({ pausedFor: 'new', first: delivery('failed') })).toBe('forget')
  })
})

it('is not activated by anything but a join where down has paused it', () => {
  expect(decide({ pausedFor: 'down' })).toBe('wait')
})
