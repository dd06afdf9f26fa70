import { appRouter, describeRouter } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import { problemsToError } from '@dispatch/contract/input-error'
import { expect, test } from 'vitest'
import { answerInWords, errorInWords } from './call-words.ts'
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
  expect(errorInWords(error, log, { entries: [] })).toMatchObject({
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
  expect(errorInWords(error, wait, { entries })).toMatchObject({
    code: 'timeout',
    message: 'Out of time: see timeoutSeconds.',
    hint: 'dispatch_thread_read {"op":"wait","lanes":["@a"],"timeoutSeconds":60}',
    retryable: false,
    details: { lanes: ['a'] },
  })
  expect(errorInWords(error, wait, { entries: [] })).toMatchObject({
    hint: 'dispatch wait @a --timeout 60',
  })
})

test('two flags of one field are one', () => {
  const made = routed('dispatch_thread_write', { op: 'new', name: 'a', wait: true })
  const error = new DispatchError('validation', '--wait needs a message that is sent.', {
    hint: 'Give --text or --input-file, without --no-send.',
  })
  expect(errorInWords(error, made, { entries })).toMatchObject({
    message: 'wait needs a message that is sent.',
    hint: 'Give text, without send: false.',
  })
})

const stop = () => routed('dispatch_thread_write', { op: 'stop', lane: '@a' })
const agent = { entries: entries.filter(({ tool }) => tool.name !== 'dispatch_daemon_read') }

test('notes and warnings name calls; what an answer quotes stays', () => {
  const answer = {
    notes: ['Its turn goes on: dispatch stop @a ends it.'],
    warnings: ['Look with dispatch list --status busy.', 'dispatch up begins it.'],
    message: 'dispatch list',
    items: [{ notes: ['dispatch list'] }],
    error: null,
  }
  expect(answerInWords(answer, stop(), { entries })).toEqual({
    ...answer,
    notes: ['Its turn goes on: dispatch_thread_write {"op":"stop","lane":"@a"} ends it.'],
    warnings: [
      'Look with dispatch_thread_read {"op":"list","status":"busy"}.',
      'dispatch up begins it.',
    ],
  })
})

test('what nobody but a person can do is said to be that, whole', () => {
  const text = 'dispatch daemon log, then dispatch get @a'
  const listener = { ...agent, lacksShell: true }
  expect(answerInWords({ notes: [text] }, stop(), listener)).toEqual({
    notes: [`For a person: ${text}`],
  })
  const error = new DispatchError('conflict', 'It is busy.', { hint: text })
  expect(errorInWords(error, stop(), listener).hint).toBe(`For a person: ${text}`)
  expect(errorInWords(error, stop(), agent).hint).toBe(
    'dispatch daemon log, then dispatch_thread_read {"op":"get","lane":"@a"}',
  )
})

test('a bad verdict is in those words, too', () => {
  const wait = routed('dispatch_thread_read', { op: 'wait', lanes: ['a'] })
  const error = { code: 'timeout', message: 'Out of time.', hint: 'dispatch get @a' }
  expect(answerInWords({ met: false, error }, wait, { entries })).toMatchObject({
    met: false,
    error: { code: 'timeout', hint: 'dispatch_thread_read {"op":"get","lane":"@a"}' },
  })
})

test.each([null, 'dispatch list', { notes: null }, { notes: [7] }])('as it is: %o', (answer) => {
  expect(answerInWords(answer, stop(), { entries })).toEqual(answer)
})
