import { Cancelled, type DispatchEvent } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { makePlace, type RunningDaemon } from '../composed.ts'

const is =
  (type: DispatchEvent['type']) =>
  (event: DispatchEvent): boolean =>
    event.type === type

const laneOf = async (running: RunningDaemon, ref: string) =>
  (await running.ops().list({ includeArchived: true })).lanes.find((lane) => lane.ref === ref)

describe('run on the real Codex', () => {
  it('sends, waits, answers the final message and archives', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const text = 'reply: The flag is --jobs.'
    const ran = await running.ops().run({ text })
    expect(ran).toMatchObject({
      handle: '@reply-The-flag-is-jobs',
      status: 'archived',
      lastMessage: 'The flag is --jobs.',
      json: null,
      archived: true,
      turn: { status: 'completed' },
      delivery: { state: 'accepted', outcome: 'completed' },
      error: null,
      notes: [],
    })
    expect(ran.usage?.totalTokens).toBeGreaterThan(0)
    expect((await running.ops().list({})).lanes).toEqual([])
    // What is archived can be read.
    expect((await running.ops().last({ lane: ran.ref })).message).toBe('The flag is --jobs.')
    expect((await running.ops().tail({ lane: ran.ref })).items.length).toBeGreaterThan(0)
    const { entries } = await running.ops().daemon.log({ op: 'run' })
    expect(entries).toMatchObject([{ outcome: 'ok', ref: ran.ref }])
  })

  it('gives what a schema asked for, takes the flags of new, and keeps the lane', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const outputSchema = { type: 'object', additionalProperties: false, properties: {} }
    const ran = await running
      .ops()
      .run({ text: 'reply: {}', name: 'mine', effort: 'low', outputSchema, keep: true })
    expect(ran).toMatchObject({ handle: '@mine', json: {}, archived: false, status: 'idle' })
    const again = await running.ops().run({ text: 'reply: x', name: 'mine' })
    expect(again.notes).toEqual(['@mine was taken: the lane is @mine-2.'])
    expect((await running.ops().get({ lane: '@mine' })).settings).toMatchObject({ effort: 'low' })
  })

  it('keeps a lane that asks a person, whose answer lets it go on', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const ran = await running.ops().run({
      text: 'shell: touch made',
      sandbox: 'workspace-write',
      approvalPolicy: 'untrusted',
    })
    expect(ran).toMatchObject({
      archived: false,
      status: 'waiting_approval',
      notes: [expect.stringContaining('a person is asked')],
      error: { code: 'approval_required' },
    })
    const { requests } = await running.ops().request.list({ lane: ran.ref })
    await running.ops().request.approve({ id: requests[0]?.id ?? '' })
    const waited = await running.ops().wait({ lanes: [ran.ref] })
    expect(waited).toMatchObject({ error: null, lanes: [{ outcome: 'completed' }] })
  })

  it('archives a lane whose turn failed, and says which', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const ran = await running.ops().run({ text: 'fail: http 400', name: 'a' })
    expect(ran).toMatchObject({
      archived: true,
      turn: { status: 'failed' },
      error: { code: 'turn_failed', details: { lane: { ref: ran.ref, status: 'archived' } } },
    })
    const kept = await running.ops().run({ text: 'fail: http 400', name: 'b', keep: true })
    expect(kept).toMatchObject({ archived: false, status: 'error' })
  })

  it('stops the turn when time is up', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const asked = { text: 'gate: never', timeoutSeconds: 0.2 }
    expect(await running.ops().run(asked)).toMatchObject({
      archived: true,
      turn: { status: 'interrupted' },
      error: {
        code: 'timeout',
        message: 'Out of time after 0.2 s: its turn was stopped, and the lane is archived.',
        details: { timeoutSeconds: 0.2, lane: { status: 'archived' } },
      },
    })
    const kept = await running.ops().run({ ...asked, keep: true })
    expect(kept).toMatchObject({
      archived: false,
      turn: { status: 'interrupted' },
      error: {
        code: 'timeout',
        message: 'Out of time after 0.2 s: its turn was stopped, and the lane is kept.',
        hint: expect.stringContaining(`dispatch tail ${kept.ref}`) as string,
      },
    })
    const unkept = await running.ops().run({ ...asked, ephemeral: true })
    expect(unkept).toMatchObject({
      archived: false,
      status: 'idle',
      turn: { status: 'interrupted' },
      notes: expect.arrayContaining(['An ephemeral lane goes with its App Server.']) as string[],
    })
  })

  it('stops the turn of a caller who cancels, and not of one who is lost', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const leave = async (text: string, id: string, reason: Error) => {
      const leaving = new AbortController()
      const ran = running.ops({ signal: leaving.signal, id }).run({ text })
      const refused = expect(ran).rejects.toBeDefined()
      const { lane } = await running.event(
        ({ type, lane: of }) =>
          type === 'turn.started' && running.store.lanes.byCallId(id)?.ref === of?.ref,
      )
      leaving.abort(reason)
      await refused
      return lane?.ref ?? ''
    }
    const id = (digit: number) => `01900000-0000-7000-8000-99999999999${digit}`
    const cancelled = await leave('gate: one', id(1), new Cancelled())
    expect(await laneOf(running, cancelled)).toMatchObject({
      status: 'archived',
      latestTurn: { status: 'interrupted' },
    })
    const lost = await leave('gate: two\nreply: on', id(2), new Error('gone'))
    expect(await laneOf(running, lost)).toMatchObject({ status: 'busy' })
    // Made again, the same call is the same run.
    const again = running.ops({ id: id(2) }).run({ text: 'gate: two\nreply: on' })
    place.model.open('two')
    expect(await again).toMatchObject({ ref: lost, archived: true })
    const third = await running.ops({ id: id(2) }).run({ text: 'gate: two\nreply: on' })
    expect(third).toMatchObject({ ref: lost, archived: true, error: null })
    expect(await running.event(is('lane.archived'))).toBeDefined()
  })

  it('keeps a lane that has a goal to work at', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const ran = await running.ops().run({ text: 'reply: first', goal: 'gate: g' })
    expect(ran).toMatchObject({ lastMessage: 'first', archived: false, error: null })
    expect(ran.notes.join(' ')).toContain(`dispatch archive ${ran.ref}`)
    await running.ops().archive({ lane: ran.ref, force: true })
  })

  it('leaves no lane of a message that is refused', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await expect(running.ops().run({ text: 'x', model: 'none', cwd: '/no' })).rejects.toMatchObject(
      {
        cause: { code: 'validation' },
      },
    )
    expect((await running.ops().list({})).lanes).toEqual([])
  })
})
