import { PassThrough } from 'node:stream'
import { systemClock } from '@dispatch/client'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { expect, test } from 'vitest'
import { makeLineTransport } from './transport.ts'

const request = { jsonrpc: '2.0', id: 1, method: 'ping' } as const

const makePipe = async () => {
  const timer = Promise.withResolvers<{ ms: number; run: () => void }>()
  const input = new PassThrough()
  const ending = new AbortController()
  const written: string[] = []
  const messages: JSONRPCMessage[] = []
  const errors: Error[] = []
  const transport = makeLineTransport({
    input,
    write: async (text) => void written.push(text),
    signal: ending.signal,
    clock: {
      ...systemClock,
      after: (ms, run) => {
        timer.resolve({ ms, run })
        return () => undefined
      },
    },
  })
  let isClosed = false
  Object.assign(transport, {
    onmessage: (message: JSONRPCMessage) => void messages.push(message),
    onerror: (error: Error) => void errors.push(error),
    onclose: () => (isClosed = true),
  })
  await transport.start()
  return {
    timer: timer.promise,
    input,
    ending,
    written,
    messages,
    errors,
    transport,
    isClosed: () => isClosed,
  }
}

test('a message is a line, however it is cut', async () => {
  const { input, messages, errors, transport } = await makePipe()
  const message = { jsonrpc: '2.0', method: 'notifications/x', params: { ü: '€' } }
  const line = `${JSON.stringify(message)}\n`
  const bytes = Buffer.from(`\n${line}garbage\n${line}`)
  for (const byte of bytes) input.write(Buffer.from([byte]))
  input.end()
  await transport.ended
  expect(messages).toEqual([message, message])
  expect(errors).toHaveLength(1)
})

test.each([
  ['garbage', -32_700, null],
  ['{"jsonrpc":"2.0",', -32_700, null],
  ['[]', -32_600, null],
  [JSON.stringify([request]), -32_600, null],
  ['7', -32_600, null],
  ['null', -32_600, null],
  ['{"jsonrpc":"1.0","id":5,"method":"ping"}', -32_600, 5],
  ['{"jsonrpc":"2.0","id":"a"}', -32_600, 'a'],
  ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32_600, null],
])('what is no message is refused, and what follows is taken: %s', async (line, code, id) => {
  const { input, written, messages, errors, transport } = await makePipe()
  input.end(`${line}\n${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/x' })}\n`)
  await transport.ended
  expect(written.map((text) => JSON.parse(text) as unknown)).toEqual([
    { jsonrpc: '2.0', id, error: { code, message: expect.any(String) as string } },
  ])
  expect(messages).toHaveLength(1)
  expect(errors).toHaveLength(1)
})

test('an answer that is none is not answered', async () => {
  const { input, written, errors, transport } = await makePipe()
  input.end('{"jsonrpc":"2.0","id":{},"result":{}}\n{"jsonrpc":"2.0","id":{},"error":{}}\n')
  await transport.ended
  expect(written).toEqual([])
  expect(errors).toHaveLength(2)
})

test('before initialize only a ping is answered; what follows it at once is taken', async () => {
  const { input, ending, written, messages, transport } = await makePipe()
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
  const initialize = {
    jsonrpc: '2.0',
    id: 3,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'a', version: '1' },
    },
  }
  for (const one of [request, list, initialize, list]) input.write(`${JSON.stringify(one)}\n`)
  const closed = new Promise((resolve) => input.on('close', resolve))
  input.end()
  await closed
  ending.abort()
  await transport.ended
  expect(messages).toEqual([request, initialize, list])
  expect(written.map((text) => JSON.parse(text) as unknown)).toMatchObject([
    { id: 2, error: { code: -32_600, message: expect.stringContaining('initialize') as string } },
  ])
})

test('at the end of the input what is due is still answered', async () => {
  const { input, written, transport } = await makePipe()
  input.end(`${JSON.stringify(request)}\n`)
  let isEnded = false
  const ended = transport.ended.then(() => (isEnded = true))
  await new Promise((resolve) => input.on('close', resolve))
  expect(isEnded).toBe(false)
  await transport.send({ jsonrpc: '2.0', id: 1, result: {} })
  await ended
  expect(written).toEqual(['{"jsonrpc":"2.0","id":1,"result":{}}\n'])
})

test('what is due is not waited for without end', async () => {
  const { timer, input, written, transport, isClosed } = await makePipe()
  input.end(`${JSON.stringify(request)}\n`)
  const { ms, run } = await timer
  expect(isClosed()).toBe(false)
  expect(ms).toBe(30_000)
  run()
  await transport.ended
  expect(isClosed()).toBe(true)
  await transport.send({ jsonrpc: '2.0', id: 1, result: {} })
  expect(written).toEqual([])
})

test('what is given up is not due', async () => {
  const { input, written, transport } = await makePipe()
  const cancelled = { method: 'notifications/cancelled', params: { requestId: 1 } }
  input.end(
    [request, { jsonrpc: '2.0', ...cancelled }].map((one) => `${JSON.stringify(one)}\n`).join(''),
  )
  await transport.ended
  expect(written).toEqual([])
})

test('a host that is gone ends it at once, with what is due', async () => {
  const { input, ending, written, transport, isClosed } = await makePipe()
  input.write(`${JSON.stringify(request)}\n`)
  ending.abort()
  await transport.ended
  expect(isClosed()).toBe(true)
  await transport.send({ jsonrpc: '2.0', id: 1, result: {} })
  expect(written).toEqual([])
})

test('a line that is too long is refused, and those around it are taken', async () => {
  const { input, written, messages, errors, transport } = await makePipe()
  const notified = { jsonrpc: '2.0', method: 'notifications/x' }
  const line = `${JSON.stringify(notified)}\n`
  const long = 'x'.repeat(16 * 1024 * 1024 + 1)
  input.end(`${line}${long}\n${line}`)
  await transport.ended
  expect(messages).toEqual([notified, notified])
  expect(errors).toHaveLength(1)
  expect(written.map((text) => JSON.parse(text) as unknown)).toMatchObject([
    { id: null, error: { code: -32_600, message: expect.stringContaining('longer') as string } },
  ])
})

test('an input that breaks when all is over is no error', async () => {
  const { input, ending, errors, transport } = await makePipe()
  ending.abort()
  await transport.ended
  const closed = new Promise((resolve) => input.on('close', resolve))
  input.destroy(new Error('Premature close'))
  await closed
  await new Promise((resolve) => setImmediate(resolve))
  expect(errors).toEqual([])
})
