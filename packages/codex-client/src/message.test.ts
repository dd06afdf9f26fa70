import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { textToMessage } from './message.ts'

describe('textToMessage', () => {
  it.each([
    ['{"id":1,"result":{}}', 'result'],
    ['{"id":"a","result":null}', 'result'],
    ['{"id":1,"error":{"code":-32600,"message":"no"}}', 'error'],
    ['{"id":0,"method":"currentTime/read","params":{}}', 'request'],
    ['{"method":"warning","params":{},"emittedAtMs":1}', 'notification'],
    ['{"jsonrpc":"2.0","method":"warning"}', 'notification'],
  ])('knows %s', (text, kind) => {
    expect(textToMessage(text)?.kind).toBe(kind)
  })

  it.each([
    '',
    'x',
    'null',
    '1',
    '[]',
    '{}',
    '{"id":1}',
    '{"id":null,"method":"x"}',
    '{"id":{},"result":1}',
    '{"id":1,"error":"no"}',
    '{"method":1}',
  ])('refuses %s', (text) => {
    expect(textToMessage(text)).toBeUndefined()
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void textToMessage(text)))
  })
})
