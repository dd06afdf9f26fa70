import { expect, it } from 'vitest'
import { makePlace, type Place } from '../composed.ts'

const asked = ({ model }: Place, text: string): number =>
  model.requests.filter(({ prompt }) => prompt?.text === text).length

it('one message goes to several lanes, and each says what became of it', async () => {
  await using place = await makePlace()
  await using running = place.start()
  const ops = running.ops
  const a = await ops().new({ name: 'a', text: 'reply: here', wait: true })
  await ops().new({ name: 'b', text: 'gate: g' })
  await place.model.waitForGate('g')
  const c = await ops().new({ name: 'c', text: 'reply: here', wait: true })
  await ops().archive({ lane: '@c' })
  const to = ['@b', c.ref, '@nobody', '@a', a.ref, '@nobody']
  const input = { to, text: 'reply: all', mode: 'queue' as const, idempotencyKey: 'all' }

  const waits = expect.stringMatching(/^The message waits: ./) as string
  const first = await ops().sendTo(input)
  expect(first).toMatchObject({
    lanes: [
      {
        to: '@b',
        lane: { handle: '@b' },
        delivery: { state: 'queued' },
        notes: [waits],
        error: null,
      },
      {
        to: c.ref,
        lane: { handle: '@c' },
        delivery: null,
        notes: [],
        error: { code: 'validation' },
      },
      { to: '@nobody', lane: null, delivery: null, error: { code: 'not_found' } },
      { to: '@a', lane: { handle: '@a' }, delivery: { state: 'accepted' }, notes: [], error: null },
    ],
    error: {
      code: 'validation',
      message: expect.stringContaining('2 of 4 lanes did not take the message') as string,
      hint: `dispatch restore ${c.ref}`,
      details: {
        failed: [
          { to: c.ref, code: 'validation' },
          { to: '@nobody', code: 'not_found' },
        ],
      },
    },
  })
  expect(first.lanes).toHaveLength(4)

  // Under its key it goes on where it was refused, and nowhere else.
  await ops().restore({ lane: c.ref })
  const again = await ops().sendTo({ ...input, to: ['@a', '@b', '@c'] })
  const receipts = ({ lanes }: typeof first) =>
    Object.fromEntries(lanes.map(({ lane, delivery }) => [lane?.handle, delivery?.id]))
  expect(again.error).toBeNull()
  expect(receipts(again)).toMatchObject({
    '@a': receipts(first)['@a'],
    '@b': receipts(first)['@b'],
    '@c': expect.any(String),
  })
  expect(again.lanes.map(({ to: name }) => name)).toEqual(['@a', '@b', '@c'])
  await expect(ops().sendTo({ ...input, text: 'reply: other' })).resolves.toMatchObject({
    error: { code: 'conflict' },
  })

  place.model.open('g')
  await ops().wait({ lanes: ['@a', '@b', '@c'] })
  expect(asked(place, 'reply: all')).toBe(3)
  const { entries } = await ops().daemon.log({ op: 'send', lane: '@b' })
  expect(entries.at(0)).toMatchObject({ outcome: 'ok', detail: { mode: 'queue' } })
})

it('the same call made again is the same messages', async () => {
  await using place = await makePlace()
  await using running = place.start()
  const ops = running.ops({ id: '01990000-0000-7000-8000-00000000beef' })
  await ops.new({ name: 'a', send: false })
  await running.ops().new({ name: 'b', send: false })
  const input = { to: ['@a', '@b'], text: 'reply: once', mode: 'queue' as const }
  const [first, second] = await Promise.all([ops.sendTo(input), ops.sendTo(input)])
  const ids = first.lanes.map(({ delivery }) => delivery?.id)
  expect(new Set(ids).size).toBe(2)
  expect(second.lanes.map(({ delivery }) => delivery?.id)).toEqual(ids)
  const trace = await running.ops().trace({ callId: '01990000-0000-7000-8000-00000000beef' })
  expect(trace).toMatchObject({ lane: { handle: '@a' }, delivery: null })
  expect(new Set(trace.messages.map(({ delivery }) => delivery.id))).toEqual(new Set(ids))
  await ops.wait({ lanes: ['@a', '@b'] })
  expect(asked(place, 'reply: once')).toBe(2)
})

it('only what waits goes to several lanes', async () => {
  await using place = await makePlace()
  await using running = place.start()
  const steer = { to: ['@a'], text: 'x', mode: 'steer' as 'queue' }
  await expect(running.ops().sendTo(steer)).rejects.toThrow()
  await expect(running.ops().sendTo({ ...steer, mode: 'queue', to: [] })).rejects.toThrow()
  const many = Array.from({ length: 101 }, (_, at) => `@lane-${at}`)
  await expect(running.ops().sendTo({ ...steer, mode: 'queue', to: many })).rejects.toThrow(
    'at most 100 lanes',
  )
})
