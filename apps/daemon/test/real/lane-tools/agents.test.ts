// Agents in lanes that act on other lanes, on the real Codex.
import { describe, expect, it } from 'vitest'
import { makePlace } from '../../composed.ts'
import { answersOf, call, calling, made } from './agent.ts'

describe('an agent', () => {
  it('in a read-only sandbox starts a helper, waits for it and reads its answer', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const text = [
      call('new', { name: 'helper', text: 'reply: forty-two' }),
      call('wait', { lanes: ['@helper'] }),
      call('last', { lane: '@helper' }),
    ].join('\n')
    const sandbox = 'read-only'
    const lead = await running.ops().new({ name: 'lead', sandbox, text, wait: true })
    expect(lead.lastMessage).toContain('forty-two')
    expect(answersOf(place, lead.id)).toMatchObject([
      { handle: '@helper', messageAccepted: true },
      { met: true, error: null },
      { message: 'forty-two' },
    ])
    const helper = await running.ops().get({ lane: '@helper' })
    expect(helper).toMatchObject({
      parent: { ref: lead.ref },
      effective: { sandbox },
      lastMessage: 'forty-two',
      laneTools: { reason: null },
    })
    const { entries } = await running.ops().daemon.log({ op: 'new' })
    expect(entries).toMatchObject([
      { actor: 'lane', laneId: helper.id, outcome: 'ok', detail: { callerThread: lead.id } },
      { actor: 'client', detail: { textLength: text.length } },
    ])
  })

  it('in a fork has the tools of the lane that it goes on from', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const first = await running.ops().new({ name: 'first', text: 'reply: x', wait: true })
    const fork = await running.ops().fork({ lane: first.ref, name: 'fork' })
    const { laneTools, parent } = await running.ops().get({ lane: fork.ref })
    expect([laneTools.ops, parent]).toEqual([expect.arrayContaining(['new', 'send']), null])
    const [last] = await made({ place, running, lane: fork }, call('last', { lane: first.ref }))
    expect(last).toMatchObject({ message: 'x' })
  })

  it('talks with another one', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const a = await running.ops().new({ name: 'a', send: false })
    const b = await running.ops().new({ name: 'b', send: false })
    const queue = (lane: string, text: string) => call('send', { lane, text, mode: 'queue' })
    const third = 'reply: then it is three'
    const second = `${queue('@b', third)}\nreply: sent the third`
    const first = `${queue('@a', second)}\nreply: sent the second`
    await running.ops().send({ lane: '@a', text: queue('@b', first), wait: true })
    await running.event(
      ({ type, lane, data }) =>
        type === 'turn.completed' && lane?.id === b.id && data.lastMessage === 'then it is three',
    )
    const from = ({ handle, ref }: typeof a) =>
      `[dispatch] From ${handle} (${ref}). Use dispatch_send with lane ${ref} to reply.\n\n`
    const heard = (lane: typeof a) =>
      place.model.requests
        .filter(({ threadId, prompt }) => threadId === lane.id && prompt?.kind === 'user')
        .map(({ prompt }) => prompt?.text)
    expect([...new Set(heard(b))]).toEqual([from(a) + first, from(a) + third])
    expect([...new Set(heard(a))].slice(1)).toEqual([from(b) + second])
  })

  it('is told of its own tools where a command would help, and of a person where none would', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lead = await running.ops().new({ name: 'lead', send: false })
    const busy = await running.ops().new({ name: 'busy', text: 'gate: held\nreply: done' })
    await place.model.waitForGate('held')
    const gone = await running.ops().new({ name: 'gone', send: false })
    await running.ops().archive({ lane: gone.ref })
    const [unknown, refused, archived, late] = await made(
      { place, running, lane: lead },
      call('get', { lane: '@nobody' }),
      call('send', { lane: busy.ref, text: 'hi' }),
      call('send', { lane: gone.ref, text: 'hi' }),
      call('wait', { lanes: [busy.ref], timeoutSeconds: 0 }),
    )
    expect(unknown?.error).toMatchObject({ code: 'not_found', hint: 'dispatch_list {}' })
    expect(refused?.error?.hint).toBe(
      `dispatch_send {"lane":"${busy.ref}","text":"..."} with mode: queue, mode: steer or mode: interject`,
    )
    expect(archived?.error?.hint).toBe(`For a person: dispatch restore ${gone.ref}`)
    expect(late?.error?.hint).toBe(`dispatch_get {"lane":"${busy.ref}"}`)
    place.model.open('held')
  })

  it('is told where two would wait for each other', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const a = await running.ops().new({ name: 'a', send: false })
    const b = await running
      .ops()
      .new({ name: 'b', text: 'gate: begun\n' + call('wait', { lanes: ['@a'] }) })
    const sent = running
      .ops()
      .send({ lane: '@a', text: call('wait', { lanes: ['@b'] }), wait: true })
    await calling(running, a.id)
    place.model.open('begun')
    await running.ops().wait({ lanes: ['@a', '@b'] })
    await sent
    const [[ofA], [ofB]] = [answersOf(place, a.id), answersOf(place, b.id)]
    expect(ofB?.error).toMatchObject({ code: 'validation', details: { bound: 'waits' } })
    expect(ofA).toMatchObject({ met: true })
  })

  it('waits no longer than may be, and not after its turn', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lead = await running.ops().new({ name: 'lead', send: false })
    const asked = { place, running, lane: lead }
    const [, waited] = await made(
      asked,
      call('new', { name: 'slow', text: 'gate: slow' }),
      call('wait', { lanes: ['@slow'], timeoutSeconds: 0 }),
    )
    expect(waited).toMatchObject({ met: false, error: { code: 'timeout' } })
    const other = await running.ops().new({ name: 'other', send: false })
    const text = call('wait', { lanes: ['@slow'] })
    const sent = running.ops().send({ lane: '@other', text, wait: true })
    await calling(running, other.id)
    expect((await running.ops().stop({ lane: '@other' })).lanes).toMatchObject([{ stopped: true }])
    expect((await sent).error).toMatchObject({ code: 'turn_failed' })
    const after = await running.ops().send({ lane: '@other', text: 'reply: free', wait: true })
    expect(after.lastMessage).toBe('free')
    place.model.open('slow')
    await running.ops().wait({ lanes: ['@slow'] })
  })
})
