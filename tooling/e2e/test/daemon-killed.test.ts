// kill -9 of dispatchd: turns go on, and every follower goes on without a hole and without a repeat.
import type { DispatchEvent, SendResult, WaitResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { durable, eventOf, eventsOf, reach } from '../src/events.ts'
import { makeWorld } from '../src/world.ts'

// What an event is about: two of the same kind for one turn, item or delivery would be a repeat.
const contentOf = ({ type, lane, data }: DispatchEvent): string | null => {
  const about = data['id'] ?? data['turnId'] ?? data['deliveryId']
  if (!/^(?:turn|item|delivery)\./.test(type)) return null
  const turn = type.startsWith('item.') ? `${String(data['turnId'])}/` : ''
  return `${lane?.id ?? ''} ${type} ${turn}${String(about)}`
}

const cursorsOf = (events: readonly DispatchEvent[]): (string | null)[] =>
  durable(events).map(({ cursor }) => cursor)

const expectOnce = (events: readonly DispatchEvent[]): void => {
  const cursors = cursorsOf(events)
  expect(new Set(cursors).size).toBe(cursors.length)
  const contents = durable(events)
    .map(contentOf)
    .filter((content) => content !== null)
  expect(contents.filter((content, at) => contents.indexOf(content) !== at)).toEqual([])
}

test('turns go on, and followers see every durable event exactly once', async () => {
  await using world = await makeWorld()
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  for (const name of ['a', 'b', 'c']) {
    const text = `gate: ${name}\nreply: done ${name}`
    await world.dispatch(['new', '--name', name, '--text', text])
    await world.model.waitForGate(name)
  }
  const { lastCursor: middle } = await world.status()
  await reach(watch, middle)
  await world.killDaemon()
  // This turn ends while no daemon lives.
  world.model.open('a')
  await world.model.waitForRequest(
    ({ prompt, outcome }) => prompt?.text.includes('gate: a') === true && outcome === 'completed',
  )
  expect((await world.dispatch(['up'])).json()).toMatchObject({ status: 'started' })
  world.model.open('b')
  world.model.open('c')
  const waited = await world.dispatch(['wait', '@a', '@b', '@c'])
  expect(waited).toMatchObject({ code: 0 })
  expect((waited.json() as WaitResult).lanes.map(({ lastMessage }) => lastMessage)).toEqual([
    'done a',
    'done b',
    'done c',
  ])

  const { lastCursor } = await world.status()
  await reach(watch, lastCursor)
  await using all = world.follow(['watch', '--follow', '--after', '0'])
  await reach(all, lastCursor)
  await using rest = world.follow(['watch', '--follow', '--after', middle])
  await reach(rest, lastCursor)

  const everything = durable(eventsOf(all))
  expectOnce(everything)
  expect(cursorsOf(eventsOf(watch))).toEqual(cursorsOf(everything))
  const at = everything.findIndex(({ cursor }) => cursor === middle)
  expect(cursorsOf(eventsOf(rest))).toEqual(cursorsOf(everything.slice(at + 1)))
  const count = (wanted: string): number => everything.filter(({ type }) => type === wanted).length
  expect({
    started: count('turn.started'),
    completed: count('turn.completed'),
    daemons: count('daemon.started'),
    servers: count('codex.started'),
  }).toEqual({ started: 3, completed: 3, daemons: 2, servers: 1 })
  const turnOf = ({ data }: DispatchEvent) => data['turnId']
  for (const [place, event] of everything.entries()) {
    if (event.type !== 'turn.completed') continue
    const later = everything.slice(place).filter((one) => turnOf(one) === turnOf(event))
    expect(later.filter(({ type }) => type.startsWith('item.'))).toEqual([])
  }
  const gaps = everything.filter(({ type }) => type === 'gap')
  expect(gaps).toMatchObject([{ data: { kind: 'live' } }])
  expect(watch.errors()).toBe('')
})

test('a waiting send lives through it: the same message, sent once, answered', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'a', '--no-send'])
  const sending = world.dispatch(['send', '@a', 'gate: g\nreply: survived', '--wait'])
  await world.model.waitForGate('g')
  await world.killDaemon()
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await eventOf(watch, ({ type }) => type === 'codex.joined')
  world.model.open('g')
  const sent = await sending
  expect(sent).toMatchObject({ code: 0, stderr: '' })
  expect(sent.json() as SendResult).toMatchObject({
    lastMessage: 'survived',
    delivery: { state: 'accepted', outcome: 'completed' },
  })
  await reach(watch, (await world.status()).lastCursor)
  expectOnce(eventsOf(watch))
  expect(eventsOf(watch).filter(({ type }) => type === 'delivery.accepted')).toHaveLength(1)
})

test('a new that was cut by it makes one lane', async () => {
  await using world = await makeWorld()
  await world.dispatch(['up'])
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  const making = world.dispatch(['new', '--name', 'a', '--text', 'reply: once', '--wait'])
  await eventOf(watch, ({ type }) => type === 'lane.created')
  await world.killDaemon()
  const made = await making
  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(made.json()).toMatchObject({ handle: '@a', lastMessage: 'once' })
  const { lanes } = (await world.dispatch(['list'])).json() as { lanes: unknown[] }
  expect(lanes).toHaveLength(1)
  const asked = world.model.requests.filter(({ prompt }) => prompt?.kind === 'user')
  expect(asked).toHaveLength(1)
})

test('tail --follow goes on as well, each item once', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'a', '--text', 'reply: first', '--wait'])
  await using tail = world.follow(['tail', '@a', '--follow'])
  await tail.line((line) => line.includes('"first"'))
  await world.dispatch(['send', '@a', 'gate: g\nreply: second'])
  await world.model.waitForGate('g')
  await world.killDaemon()
  await world.dispatch(['up'])
  world.model.open('g')
  await tail.line((line) => line.includes('"second"'))
  await world.dispatch(['send', '@a', 'reply: third', '--wait'])
  await tail.line((line) => line.includes('"third"'))
  const shown = tail.lines
    .map((line) => JSON.parse(line) as { kind: string; item?: { id: string; text: string } })
    .flatMap(({ item }) => (item ? [item] : []))
  expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length)
  expect(shown.map(({ text }) => text)).toEqual([
    'reply: first',
    'first',
    'gate: g\nreply: second',
    'gate g: waiting, opened',
    'second',
    'reply: third',
    'third',
  ])
})

test('a stale socket and pid file are no obstacle', async () => {
  await using world = await makeWorld()
  await world.dispatch(['up'])
  const { pid } = await world.status()
  process.kill(pid, 'SIGKILL')
  const listed = await world.dispatch(['list'])
  expect(listed).toMatchObject({ code: 0, stderr: '' })
  expect((await world.status()).pid).not.toBe(pid)
})

test('a daemon that was stopped: whoever calls is told which process, and how it goes on', async () => {
  await using world = await makeWorld({ codex: null })
  await world.dispatch(['up'])
  const { pid } = await world.status()
  process.kill(pid, 'SIGSTOP')
  try {
    for (const args of [['list'], ['daemon', 'status'], ['up'], ['down']]) {
      const answer = await world.dispatch(args)
      expect({ args, code: answer.code, stdout: answer.stdout }).toEqual({
        args,
        code: 8,
        stdout: '',
      })
      expect(answer.error()).toMatchObject({
        code: 'daemon_unreachable',
        message: expect.stringContaining(`pid ${pid}`) as string,
        hint: expect.stringContaining(`kill -CONT ${pid}`) as string,
      })
    }
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  expect(await world.dispatch(['list'])).toMatchObject({ code: 0 })
})
