import { memoryUsage } from 'node:process'
import { bounds } from '@dispatch/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startListening } from './listening.ts'
import { connectRaw, hello, query } from './raw-client.ts'

const audit = { entries: [] }

const hostileLine = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.record({ hello: fc.jsonValue() }).map((value) => JSON.stringify(value)),
  fc
    .record(
      {
        id: fc.oneof(fc.integer({ min: 1_000 }), fc.jsonValue()),
        method: fc.constantFrom('query', 'mutation', 'subscription', 'cancel', 'x', '__proto__'),
        params: fc.oneof(
          fc.jsonValue(),
          fc.record(
            {
              path: fc.constantFrom('daemon.log', 'constructor', '', 'a.b', 'watchFollow', 'up'),
              input: fc.jsonValue(),
              callId: fc.jsonValue(),
              lastEventId: fc.jsonValue(),
            },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
)

test('whatever lines come, each that is no call gets an error and the next call its answer', async () => {
  await using listening = await startListening({ daemon: { log: () => audit } })
  await fc.assert(
    fc.asyncProperty(fc.array(hostileLine, { maxLength: 20 }), async (lines) => {
      using client = await connectRaw(listening.path)
      client.write(lines.map((line) => `${line.replaceAll('\n', ' ')}\n`).join(''))
      client.send(query(1, 'daemon.log'))
      for (;;) {
        const answer = await client.next()
        if (!('id' in answer) || answer.id !== 1) continue
        expect(answer).toEqual({ id: 1, result: { data: audit } })
        return
      }
    }),
    { numRuns: 300 },
  )
})

test('before the hello nothing is done; a bad hello is refused and may be made good', async () => {
  await using listening = await startListening({ daemon: { log: () => audit } })
  using client = await connectRaw(listening.path, false)
  client.send(
    query(1, 'daemon.log'),
    { hello: { ...hello, cwd: 'relative' } },
    { hello: { ...hello, caller: 'lane' } },
    { hello },
    { hello },
    query(2, 'daemon.log'),
  )
  const answers = []
  for (let count = 0; count < 6; count += 1) answers.push(await client.next())
  expect(answers.map((answer) => ('hello' in answer ? 'hello' : answer.id))).toEqual([
    1,
    null,
    null,
    'hello',
    null,
    2,
  ])
  expect(listening.calls).toHaveLength(1)
})

test('a line that is too long or never ends is told so, without id, and the connection ends', async () => {
  await using listening = await startListening({ daemon: { log: () => audit } })
  const before = memoryUsage().rss
  using client = await connectRaw(listening.path)
  const chunk = Buffer.alloc(1024 * 1024, 0x61)
  for (let sent = 0; sent <= bounds.wireLine; sent += chunk.length) client.write(chunk)
  expect(await client.next()).toMatchObject({ id: null, error: { data: { code: 'validation' } } })
  await client.ended
  using other = await connectRaw(listening.path)
  other.send(query(1, 'daemon.log'))
  expect(await other.next()).toMatchObject({ id: 1, result: {} })
  expect(memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
})

test('a client that asks and never reads is not read from any more', async () => {
  let asked = 0
  await using listening = await startListening({
    daemon: {
      log: ({ op }) => {
        if (op === undefined) asked += 1
        return audit
      },
    },
  })
  using deaf = await connectRaw(listening.path)
  deaf.socket.pause()
  const total = 200_000
  deaf.write(`${JSON.stringify(query(1, 'nothing'))}\n`.repeat(10))
  deaf.write(`${JSON.stringify(query(1, 'daemon.log'))}\n`.repeat(total))
  using other = await connectRaw(listening.path)
  // Done when the daemon, which answers others meanwhile, takes no more of it.
  for (let [seen, still] = [0, 0]; still < 100; still = asked === seen ? still + 1 : 0) {
    seen = asked
    other.send(query(1, 'daemon.log', { op: 'other' }))
    await other.next()
  }
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThan(total / 2)
})
