import { once } from 'node:events'
import { PassThrough } from 'node:stream'

import { describe, expect, it } from 'vitest'

import { CodexClosedError, CodexMessageTooLargeError } from './errors.ts'
import { makeStdioTransport } from './stdio.ts'
import type { TransportEnd } from './transport.ts'

function setUp(maxLineBytes?: number) {
  const input = new PassThrough()
  const output = new PassThrough()
  const transport = makeStdioTransport({
    input,
    output,
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
  })
  const messages: string[] = []
  const ended = Promise.withResolvers<TransportEnd>()
  const start = () =>
    transport.start({ onMessage: (text) => messages.push(text), onEnd: ended.resolve })
  return { input, output, transport, messages, ended: ended.promise, start }
}

describe('makeStdioTransport', () => {
  it('keeps what came before it was started, and hands over all before the end', async () => {
    const { input, messages, ended, start } = setUp()
    input.write('{"a":1}\n{"b":')
    start()
    input.end('2}\n')
    expect(await ended).toMatchObject({ kind: 'lost', detail: 'the stream has ended' })
    expect(messages).toEqual(['{"a":1}', '{"b":2}'])
  })

  it('writes one line a message', async () => {
    const { output, transport, start } = setUp()
    start()
    transport.send('{"a":"x\\ny"}')
    transport.send('{"b":2}')
    expect(String(output.read())).toBe('{"a":"x\\ny"}\n{"b":2}\n')
  })

  it('ends both streams when closed, once', async () => {
    const { input, output, transport, ended, start } = setUp()
    start()
    await transport[Symbol.asyncDispose]()
    await transport[Symbol.asyncDispose]()
    expect(await ended).toEqual({ kind: 'closed', detail: 'by this client' })
    expect(input.destroyed && output.writableEnded).toBe(true)
    expect(() => transport.send('{}')).toThrow(CodexClosedError)
  })

  it.each(['input', 'output'] as const)('is lost with the error of its %s', async (name) => {
    const given = setUp()
    given.start()
    const cause = new Error('EPIPE')
    given[name].destroy(cause)
    expect(await given.ended).toMatchObject({ kind: 'lost', cause })
  })

  it('is lost at a line over the bound', async () => {
    const { input, messages, ended, start } = setUp(10)
    start()
    input.write('{"a":1}\n')
    input.write('x'.repeat(11))
    expect((await ended).cause).toBeInstanceOf(CodexMessageTooLargeError)
    expect(messages).toEqual(['{"a":1}'])
  })

  it('tells an end that came before it was started', async () => {
    const { input, ended, start } = setUp()
    input.destroy()
    await once(input, 'close')
    start()
    expect(await ended).toMatchObject({ kind: 'lost' })
  })
})
