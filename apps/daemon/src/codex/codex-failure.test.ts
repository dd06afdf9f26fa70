import {
  CodexClosedError,
  CodexMessageTooLargeError,
  CodexRpcError,
  CodexTimeoutError,
} from '@dispatch/codex-client'
import { expect, it } from 'vitest'
import { codexFailureToError, isRefusal, isSilence, isThreadGone } from './codex-failure.ts'

const ending = new CodexRpcError('thread/resume', {
  code: -32600,
  message: 'Server is draining',
  data: { reason: 'serverShuttingDown' },
})

const refused = (message: string) => new CodexRpcError('turn/start', { code: -32600, message })

it.each([
  [refused('thread x already has an active writer'), 'conflict', true],
  [refused('no rollout found for thread id x'), 'app_server', true],
  [refused('thread not found: x'), 'app_server', true],
  [refused('anything'), 'app_server', true],
  [refused('turn not found: nope'), 'validation', true],
  [refused('failed to load configuration: Model provider `nope` not found'), 'validation', true],
  [new CodexTimeoutError('turn/start', 9), 'app_server', false],
  [new CodexClosedError({ kind: 'lost', detail: 'code 1006' }), 'app_server', false],
  [ending, 'app_server', false],
  [new CodexMessageTooLargeError(9, 8), 'validation', false],
])('%s is told as %s', (thrown, code, isNo) => {
  const error = codexFailureToError(thrown)
  expect(error).toMatchObject({ name: 'DispatchError', code, cause: thrown })
  expect(isRefusal(thrown)).toBe(isNo)
})

it.each([
  ['no rollout found for thread id x', true],
  ['failed to read thread: failed to read session metadata /s/a: rollout at /s/a is empty', true],
  ['failed to read session metadata /s/a: too many open files', false],
])('takes a thread for gone where Codex has nothing of it: %s', (message, isGone) => {
  expect(isThreadGone(refused(message))).toBe(isGone)
})

it('takes a server that ends for one that does not answer', () => {
  expect(isSilence(ending)).toBe(true)
  expect(codexFailureToError(ending)).toMatchObject({
    retryable: true,
    message: expect.stringContaining('did not answer') as string,
  })
})

it('leaves alone what is none of Codex', () => {
  const bug = new TypeError('x')
  expect(codexFailureToError(bug)).toBe(bug)
  expect(isRefusal(bug)).toBe(false)
})

it('says what a Codex does not offer, and how to get it', () => {
  const message = 'Invalid request: unknown variant `thread/fork`, expected one of `initialize`'
  expect(
    codexFailureToError(new CodexRpcError('thread/fork', { code: -32600, message })),
  ).toMatchObject({
    code: 'app_server',
    message: 'This Codex does not offer thread/fork.',
    hint: expect.stringContaining('dispatch doctor') as string,
  })
  // A wrong value of a parameter is worded alike.
  const other = 'Invalid request: unknown variant `odd`, expected one of `a`'
  expect(
    codexFailureToError(new CodexRpcError('thread/fork', { code: -32600, message: other })),
  ).toMatchObject({ message: expect.stringContaining('Codex refused') as string })
})
