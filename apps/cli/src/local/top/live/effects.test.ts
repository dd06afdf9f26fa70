// What is asked of the daemon for a key, and what is said of it.
import type { DispatchClient } from '@dispatch/client'
import { DispatchError } from '@dispatch/contract/errors'
import { expect, test } from 'vitest'
import type { Change } from '../model/change.ts'
import { carryOut, type DaemonEffect } from './effects.ts'

type Called = { op: string; input: unknown }

// An api whose every op answers that, or fails with it.
const makeApi = (answer: unknown, called: Called[], path = ''): DispatchClient['api'] => {
  const op = async (input: unknown): Promise<unknown> => {
    called.push({ op: path, input })
    if (answer instanceof Error) throw answer
    return answer
  }
  return new Proxy(op, {
    get: (_, name) =>
      makeApi(answer, called, path === '' ? String(name) : `${path}.${String(name)}`),
  }) as unknown as DispatchClient['api']
}

const carriedOut = async (effect: DaemonEffect, answer: unknown) => {
  const called: Called[] = []
  const changes: Change[] = []
  const { signal } = new AbortController()
  const change = (one: Change): void => void changes.push(one)
  await carryOut(effect, { api: makeApi(answer, called), signal, change })
  const [said] = changes
  return { called, notice: said?.kind === 'notice' ? said.notice : null }
}

const lane = { laneId: 'id', handle: '@a' }
const answered = { lane: { handle: '@a' } }

test.each<[DaemonEffect, unknown, Called, string]>([
  [
    { do: 'send', ...lane, text: 'hi', mode: 'queue' },
    { delivery: { state: 'queued' }, error: null },
    { op: 'send', input: { lane: 'id', text: 'hi', mode: 'queue' } },
    'The message to @a is queued.',
  ],
  [{ do: 'stop', ...lane }, {}, { op: 'stop', input: { lane: 'id' } }, '@a is stopped.'],
  [
    { do: 'approve', id: 'r', forSession: true },
    answered,
    { op: 'request.approve', input: { id: 'r', forSession: true } },
    'Approved for @a.',
  ],
  [
    { do: 'deny', id: 'r', cancelTurn: false },
    answered,
    { op: 'request.deny', input: { id: 'r', cancelTurn: false } },
    'Denied to @a.',
  ],
  [
    { do: 'respond', id: 'r', answer: { a: 'b' } },
    { lane: null },
    { op: 'request.respond', input: { id: 'r', answer: { a: 'b' } } },
    'Answered a thread of no lane.',
  ],
  [
    { do: 'cancel', id: '0123456789' },
    {},
    { op: 'queue.cancel', input: { target: '0123456789' } },
    'Message 01234567 is cancelled.',
  ],
  [
    { do: 'hold', ...lane, hold: false },
    {},
    { op: 'queue.resume', input: { lane: 'id' } },
    'The queue of @a goes on.',
  ],
  [
    { do: 'pause', triggerId: 't', name: 'n', pause: true },
    {},
    { op: 'trigger.pause', input: { trigger: 't' } },
    'n is paused.',
  ],
  [
    { do: 'fire', triggerId: 't', name: 'n' },
    { outcome: 'skipped', reason: 'busy' },
    { op: 'trigger.run', input: { trigger: 't' } },
    'n: skipped, busy.',
  ],
])('%j', async (effect, answer, call, text) => {
  const { called, notice } = await carriedOut(effect, answer)
  expect(called).toEqual([call])
  expect(notice).toEqual({ tone: 'ok', text })
})

test('an error is said with its hint, and so is a message that did not arrive', async () => {
  const busy = new DispatchError('lane_busy', '@a is busy.', { hint: 'send --queue' })
  const notice = { tone: 'error', text: '@a is busy.  hint: send --queue' }
  expect((await carriedOut({ do: 'stop', ...lane }, busy)).notice).toEqual(notice)
  const refused = { delivery: {}, error: { message: '@a is busy.', hint: 'send --queue' } }
  const effect = { do: 'send' as const, ...lane, text: 'hi', mode: 'send' as const }
  expect((await carriedOut(effect, refused)).notice).toEqual(notice)
})
