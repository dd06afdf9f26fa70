import { type DispatchClient, DispatchError } from '@dispatch/client'
import { expect, it } from 'vitest'
import { probe } from './person.ts'

const never = 'Codex never had it: it is not in the history'
const failed = (failure: string) => ({
  error: { message: failure },
  delivery: { id: 'd1', state: 'failed', failure },
})
const answered = { error: null, delivery: { id: 'd2', state: 'accepted', failure: null } }

const asked = async (first: object, isLost: boolean, later: object[] = [answered]) => {
  const answers = [first, ...later]
  let calls = 0
  const call: DispatchClient['call'] = async (op) => {
    if (op === 'wait') return {}
    calls += 1
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  }
  const isServerLost = (id: string): boolean => id === 'd1' && isLost
  return { ...(await probe({ call }, { lanes: ['a'], seed: 1, isServerLost })), calls }
}

it('a message that met a dying App Server is sent again, and that is counted', async () => {
  expect(await asked(failed(never), true)).toEqual({ silent: [], repeats: 1, calls: 2 })
})

const busy = new DispatchError('lane_busy', '@a has an active turn.')

it('a lane that works is waited for and asked again, once', async () => {
  expect(await asked(busy, false)).toEqual({ silent: [], repeats: 1, calls: 2 })
  const { silent, calls } = await asked(busy, false, [busy, answered])
  expect(calls).toBe(2)
  expect(silent).toEqual([expect.stringContaining('@a has an active turn')])
})

it.each([
  ['which Codex refused', failed('model not found'), true],
  ['which a living App Server never had', failed(never), false],
])('a message %s is not: the lane does not answer', async (_which, first, isLost) => {
  const { silent, ...counts } = await asked(first, isLost)
  expect(counts).toEqual({ repeats: 0, calls: 1 })
  expect(silent).toEqual([expect.stringContaining('lane a does not answer')])
})
