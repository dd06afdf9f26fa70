import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { expect, it } from 'vitest'
import { makeModelSimulator } from './model-simulator.ts'
import { rulesToScenario } from './scenario.ts'

const ask = (url: string, text: string) =>
  fetch(`${url}/responses`, {
    method: 'POST',
    headers: { 'thread-id': 't1' },
    body: JSON.stringify({ model: 'm', input: [{ role: 'user', content: text }] }),
  })

it('gives the same bytes for the same request', async () => {
  await using one = await makeModelSimulator()
  await using other = await makeModelSimulator()
  const texts = await Promise.all(
    [one, other].map(async ({ url }) => (await ask(url, 'reply: hi')).text()),
  )
  expect(texts[0]).toBe(texts[1])
  expect(texts[0]).toContain('"total_tokens"')
})

it('keeps a bounded log and tells who waits', async () => {
  await using simulator = await makeModelSimulator({
    keepRequests: 2,
    clock: { now: () => 7, pause: async () => {} },
  })
  const third = simulator.waitForRequest(({ number }) => number === 3)
  for (const text of ['a', 'b', 'c']) await (await ask(simulator.url, text)).text()
  expect(await third).toMatchObject({ at: 7, userTexts: ['c'], threadId: 't1', model: 'm' })
  expect(simulator.requests.map(({ number }) => number)).toEqual([2, 3])
})

it('closes with answers open, and tells those who wait', async () => {
  const simulator = await makeModelSimulator()
  const answer = await ask(simulator.url, 'gate: never')
  await simulator.waitForGate('never')
  const waiting = simulator.waitForRequest(({ number }) => number === 9)
  const told = expect(waiting).rejects.toThrow('closed')
  const cut = expect(answer.text()).rejects.toThrow()
  await simulator[Symbol.asyncDispose]()
  await Promise.all([told, cut])
  expect(simulator.requests[0]?.outcome).toBe('closed')
})

it('plays the first rule that fits', async () => {
  const scenario = rulesToScenario([
    { match: '^deploy', lines: ['fail: http 503'] },
    { lines: ['reply: as told'] },
  ])
  await using simulator = await makeModelSimulator({ scenario })
  expect((await ask(simulator.url, 'deploy it')).status).toBe(503)
  expect(await (await ask(simulator.url, 'reply: own')).text()).toContain('as told')
})

it('tells a scenario that throws, and what it does not serve', async () => {
  await using simulator = await makeModelSimulator({
    scenario: () => {
      throw new Error('no idea')
    },
  })
  const answer = await ask(simulator.url, 'x')
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('no idea')])
  expect((await fetch(`${simulator.url}/models`)).status).toBe(404)
})

it('sends who would rather speak WebSocket to HTTP', async () => {
  await using simulator = await makeModelSimulator()
  const asked = request(`${simulator.url}/responses`, {
    headers: { connection: 'Upgrade', upgrade: 'websocket' },
  })
  const [response] = (await once(asked.end(), 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(426)
  response.resume()
})

it('opens a gate over HTTP', async () => {
  await using simulator = await makeModelSimulator()
  const answer = await ask(simulator.url, 'gate: door')
  const opened = await fetch(new URL('/gates/door', simulator.url), { method: 'POST' })
  expect(opened.status).toBe(204)
  expect(await answer.text()).toContain('opened')
})
