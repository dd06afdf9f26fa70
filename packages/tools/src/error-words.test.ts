import { appRouter, describeRouter } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import { problemsToError } from '@dispatch/contract/input-error'
import { expect, test } from 'vitest'
import { inWordsOfCall } from './error-words.ts'
import { routeCall } from './route.ts'
import { manifestToTools } from './tool.ts'

const manifest = describeRouter(appRouter)
const entries = manifestToTools(manifest, 'grouped')
const routed = (name: string, args: Record<string, unknown>) => {
  const entry = entries.find(({ tool }) => tool.name === name)
  if (!entry) throw new Error(name)
  return routeCall(entry, args, '/work')
}

test('a field is called as in the tool', () => {
  const log = routed('dispatch_daemon_read', { op: 'log', logOp: 7 })
  const error = problemsToError([{ path: ['op'], message: 'is no text' }] as never)
  expect(inWordsOfCall(error, log)).toMatchObject({
    code: 'validation',
    message: 'logOp is no text.',
    hint: 'The schema of the tool says what op log takes.',
  })
})

test('a flag is the field that it sets, a command the call of a tool', () => {
  const wait = routed('dispatch_thread_read', { op: 'wait', lanes: ['a'] })
  const error = new DispatchError('timeout', 'Out of time: see --timeout.', {
    hint: 'dispatch wait @a --timeout 60',
    retryable: false,
    details: { lanes: ['a'] },
  })
  expect(inWordsOfCall(error, wait, entries)).toMatchObject({
    code: 'timeout',
    message: 'Out of time: see timeoutSeconds.',
    hint: 'dispatch_thread_read {"op":"wait","lanes":["@a"],"timeoutSeconds":60}',
    retryable: false,
    details: { lanes: ['a'] },
  })
  expect(inWordsOfCall(error, wait)).toMatchObject({ hint: 'dispatch wait @a --timeout 60' })
})

test('two flags of one field are one', () => {
  const made = routed('dispatch_thread_write', { op: 'new', name: 'a', wait: true })
  const error = new DispatchError('validation', '--wait needs a message that is sent.', {
    hint: 'Give --text or --input-file, without --no-send.',
  })
  expect(inWordsOfCall(error, made, entries)).toMatchObject({
    message: 'wait needs a message that is sent.',
    hint: 'Give text, without send: false.',
  })
})
