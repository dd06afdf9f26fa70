import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace } from '../../composed.ts'
import { again, askOnNewLane, done, requestOf } from './asking.ts'

describe('a request of the real Codex', () => {
  it('is recorded whole, makes the lane wait, and goes on when it is approved', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { id, ref, request } = await askOnNewLane(running, 'shell: touch made')
    expect(request).toMatchObject({
      lane: { ref, id, handle: '@a' },
      kind: 'command',
      method: 'item/commandExecution/requestApproval',
      state: 'pending',
      summary: 'touch made',
      command: expect.stringMatching(/^\S+ -l?c 'touch made'$/) as string,
      cwd: place.work,
      rule: ['touch', 'made'],
      offered: ['approve', 'approve_for_session', 'approve_with_rule', 'deny', 'deny_and_cancel'],
      decision: null,
      expiresAt: null,
    })
    const lane = await running.ops().get({ lane: ref })
    expect(lane).toMatchObject({
      status: 'waiting_approval',
      pendingRequests: 1,
      requests: [request],
      activeTurn: { id: request.turnId },
    })
    expect(await running.ops().request.get({ id: '@a' })).toEqual(request)
    const waited = await running.ops().wait({ lanes: [ref] })
    expect(waited.error).toMatchObject({ code: 'approval_required' })
    expect(await running.ops().daemon.status({})).toMatchObject({
      requests: { pending: 1 },
      lanes: { waitingApproval: 1 },
      warnings: [expect.stringContaining('dispatch request list')],
    })
    expect(existsSync(join(place.work, 'made'))).toBe(false)

    const approved = await running.ops({ caller: 'cli' }).request.approve({ id: request.id })
    expect(approved).toMatchObject({ state: 'answered', decision: 'approve', answeredBy: 'cli' })
    expect(await done(running, ref)).toMatchObject({ outcome: 'completed', status: 'idle' })
    expect(existsSync(join(place.work, 'made'))).toBe(true)
    expect(await running.ops().get({ lane: ref })).toMatchObject({
      status: 'idle',
      pendingRequests: 0,
      requests: [],
    })
    const { entries } = await running.ops().daemon.log({ op: 'request.approve' })
    expect(entries).toMatchObject([
      { actor: 'cli', outcome: 'ok', laneId: id, detail: { request: request.id } },
    ])
    const changes: unknown[] = []
    await running.event(({ type, data }) => {
      if (type === 'lane.status-changed' || type.startsWith('request.')) {
        changes.push(type === 'lane.status-changed' ? data['to'] : type)
      }
      return data['to'] === 'idle'
    })
    expect(changes).toEqual([
      'busy',
      'request.opened',
      'waiting_approval',
      'request.answered',
      'busy',
      'idle',
    ])
  })

  it('is denied: the turn goes on, and the model is told, in words too', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    const denied = await running
      .ops()
      .request.deny({ id: request.id.slice(0, 18), message: 'reply: then without' })
    expect(denied).toMatchObject({ state: 'answered', decision: 'deny' })
    expect(await done(running, ref)).toMatchObject({
      outcome: 'completed',
      lastMessage: 'then without',
    })
    expect(existsSync(join(place.work, 'made'))).toBe(false)
    const asked = place.model.requests.at(-1)
    expect(JSON.stringify(asked)).toContain('rejected by user')
    expect(asked?.userTexts).toContain('reply: then without')
    // It is a message like any other.
    const said = running.store.deliveries.ofTurn(request.threadId, request.turnId ?? '')
    expect(said.find(({ mode }) => mode === 'steer')).toMatchObject({
      state: 'accepted',
      landed: 'steered',
      outcome: 'completed',
      actor: 'client',
    })
    const { entries } = await running.ops().daemon.log({ op: 'request.deny' })
    expect(entries[0]?.detail).toMatchObject({ decision: 'deny', textLength: 19 })
    expect(JSON.stringify(entries)).not.toContain('then without')
  })

  it('is denied with its turn', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    await running.ops().request.deny({ id: request.id, cancelTurn: true })
    await running.event(({ type }) => type === 'turn.interrupted')
    expect(await running.ops().get({ lane: ref })).toMatchObject({
      status: 'idle',
      latestTurn: { status: 'interrupted' },
    })
    expect(await again(running, request)).toMatchObject({
      state: 'answered',
      decision: 'deny_and_cancel',
    })
  })

  it('is not made again where it was approved for the session', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    await running.ops().request.approve({ id: request.id, forSession: true })
    await done(running, ref)
    const sent = await running.ops().send({ lane: ref, text: 'shell: touch made', wait: true })
    expect(sent.error).toBeNull()
    expect((await running.ops().request.list({ state: 'all' })).requests).toHaveLength(1)
    // Another command is.
    const other = await running.ops().send({ lane: ref, text: 'shell: touch other', wait: true })
    expect(other.error).toMatchObject({ code: 'approval_required' })
  })

  it('leaves a rule that holds for all lanes where it was approved with one', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    const approved = await running.ops().request.approve({ id: request.id, withRule: true })
    expect(approved.notes).toEqual([expect.stringContaining('all lanes')])
    await done(running, ref)
    const rules = join(place.root, 'codex', 'rules')
    const text = readdirSync(rules)
      .map((file) => readFileSync(join(rules, file), 'utf8'))
      .join()
    expect(text).toContain('prefix_rule(pattern=["touch", "made"], decision="allow")')
    const other = await running.ops().new({
      name: 'b',
      sandbox: 'workspace-write',
      approvalPolicy: 'untrusted',
      text: 'shell: touch made',
      wait: true,
    })
    expect(other.error).toBeNull()
  })

  it('about files shows the diff, and is approved', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'patch: notes.txt\nhello\nthere')
    expect(request).toMatchObject({
      kind: 'file_change',
      summary: `add ${place.work}/notes.txt`,
      changes: [
        { path: `${place.work}/notes.txt`, change: 'add', movedTo: null, diff: 'hello\nthere\n' },
      ],
      offered: ['approve', 'approve_for_session', 'deny', 'deny_and_cancel'],
      rule: null,
    })
    await expect(
      running.ops().request.approve({ id: request.id, withRule: true }),
    ).rejects.toMatchObject({
      cause: { code: 'validation', details: { offered: request.offered } },
    })
    await running.ops().request.approve({ id: request.id })
    await done(running, ref)
    expect(readFileSync(join(place.work, 'notes.txt'), 'utf8')).toBe('hello\nthere\n')
  })

  it('takes one answer of two; the other hears who was first', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    const { id } = request
    const both = await Promise.allSettled([
      running.ops({ caller: 'cli' }).request.deny({ id }),
      running.ops({ caller: 'client' }).request.approve({ id }),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(both[1]).toMatchObject({
      reason: {
        cause: {
          code: 'conflict',
          message: expect.stringMatching(/was answered: deny by cli at 20/) as string,
          details: { decision: 'deny', answeredBy: 'cli' },
        },
      },
    })
    await done(running, ref)
    expect(existsSync(join(place.work, 'made'))).toBe(false)
  })

  it('is withdrawn when the turn is stopped, and an answer comes too late', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    await running.ops().stop({ lane: ref })
    expect(await again(running, request)).toMatchObject({ state: 'withdrawn', decision: null })
    await expect(running.ops().request.approve({ id: request.id })).rejects.toMatchObject({
      cause: { code: 'conflict' },
    })
    expect((await running.ops().get({ lane: ref })).status).toBe('idle')
  })

  it('of a lane is not answered by the lane itself', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { id, request } = await askOnNewLane(running, 'shell: touch made')
    await expect(
      running.ops({ threadId: id }).request.approve({ id: request.id }),
    ).rejects.toMatchObject({ cause: { code: 'authority' } })
  })

  it('is found by its beginning; what is none is told', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { request } = await askOnNewLane(running, 'shell: touch made')
    expect((await running.ops().request.get({ id: request.id.slice(0, 8) })).id).toBe(request.id)
    await expect(running.ops().request.get({ id: 'ffff' })).rejects.toMatchObject({
      cause: { code: 'not_found' },
    })
  })

  it('keeps the App Server: down is refused, and force cuts the turn', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { request } = await askOnNewLane(running, 'shell: touch made')
    await expect(running.ops().daemon.shutdown({ codex: true })).rejects.toMatchObject({
      cause: { code: 'lane_busy' },
    })
    await running.ops().daemon.shutdown({ codex: true, force: true })
    expect((await again(running, request)).state).toBe('withdrawn')
  })

  it('of a sub-agent is a request of its lane', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({
      name: 'a',
      sandbox: 'workspace-write',
      approvalPolicy: 'untrusted',
      text: 'tool: multi_agent_v1.spawn_agent {"message":"shell: touch made","agent_type":"default"}',
    })
    const request = await requestOf(running, made.ref)
    expect(request).toMatchObject({ lane: { ref: made.ref }, kind: 'command' })
    expect(request.threadId).not.toBe(made.id)
    await running.ops().request.approve({ id: request.id })
    await running.event(({ type, data }) => type === 'lane.status-changed' && data['to'] === 'idle')
    expect((await again(running, request)).state).toBe('answered')
  })

  it('of a sub-agent is denied with a word to the sub-agent', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({
      name: 'a',
      sandbox: 'workspace-write',
      approvalPolicy: 'untrusted',
      text: 'tool: multi_agent_v1.spawn_agent {"message":"shell: touch made","agent_type":"default"}',
    })
    const request = await requestOf(running, made.ref)
    await running.ops().request.deny({ id: request.id, message: 'gate: told' })
    await place.model.waitForGate('told')
    expect((await again(running, request)).decision).toBe('deny')
    expect(running.store.deliveries.unsettled()).toEqual([])
    place.model.open('told')
  })
})
