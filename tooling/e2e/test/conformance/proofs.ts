// What is looked at beside the answer of a line.
import { existsSync } from 'node:fs'
import { expect } from 'vitest'
import type {
  AuditResult,
  DoctorResult,
  LaneDetail,
  ListUnmanagedResult,
  ModelsResult,
  NewResult,
  SearchResult,
  SendResult,
  TailResult,
  TriggerResult,
  TriggerRunResult,
  WatchResult,
} from '@dispatch/contract'
import type { ModelRequest } from '@dispatch/model-simulator'
import type { ProofName, Typed } from '../../src/conformance/entry.ts'
import type { Answer } from '../../src/world.ts'
import type { Walk } from './walk.ts'

/** What there is to look at. */
export type Seen = {
  walk: Walk
  entry: Typed
  answer: Answer
  /** The number of the last request to the model before the line. */
  asked: number
}

type Proof = (seen: Seen) => Promise<void> | void

const since = ({ walk, asked }: Seen): ModelRequest[] =>
  walk.world.model.requests.filter(({ number }) => number > asked)

/** The first request after the line that fits, also one to come. */
const requestOf = (seen: Seen, fits: (request: ModelRequest) => boolean): Promise<ModelRequest> =>
  seen.walk.world.model.waitForRequest((request) => request.number > seen.asked && fits(request))

/** The request that was the last before the line, once its answer has ended like that. */
const before = ({ walk, asked }: Seen, outcome: ModelRequest['outcome']): Promise<ModelRequest> =>
  walk.world.model.waitForRequest(
    (request) => request.number === asked && request.outcome === outcome,
  )

const ends = async ({ walk }: Seen, lane: string, exit = 0): Promise<void> => {
  const waited = await walk.type(`dispatch wait ${lane} --timeout 20`)
  expect(waited.code, waited.stdout + waited.stderr).toBe(exit)
}

const textOf = ({ entry }: Seen): string => {
  const [, text = ''] = /"([^"]*)"/.exec(entry.line) ?? []
  return text
}

const found = ({ answer }: Seen): string[] =>
  (answer.json() as SearchResult).matches.map(({ id }) => id).sort()

const finds =
  (...placeholders: string[]): Proof =>
  (seen) => {
    // One thread may match more than once within it.
    expect([...new Set(found(seen))]).toEqual(placeholders.map(seen.walk.filled).sort())
  }

const doctorNames = [
  'path',
  'codex_binary',
  'codex_auth',
  'daemon',
  'registry',
  'agent_assets',
  'app_server',
]

/** Every proof by its name. */
export const proofs: Readonly<Record<ProofName, Proof>> = {
  'the goal is worked on after the message': async (seen) => {
    const { id, ref } = seen.answer.json() as NewResult
    const ofLane = (request: ModelRequest): boolean => request.threadId === id
    await requestOf(
      seen,
      (request) =>
        ofLane(request) &&
        request.prompt?.kind === 'goal' &&
        request.toolOutputs.length > 0 &&
        request.outcome === 'completed',
    )
    await ends(seen, ref)
    expect(since(seen).find(ofLane)?.prompt).toMatchObject({ kind: 'user' })
    expect(await seen.walk.ask(`dispatch goal status ${ref}`)).toMatchObject({
      goal: { status: 'complete' },
    })
  },
  'the turn ends well': (seen) => ends(seen, (seen.answer.json() as SendResult).ref),
  'the turn fails and says why': async (seen) => {
    const { ref } = seen.answer.json() as NewResult
    await ends(seen, ref, 10)
    const { latestTurn } = await seen.walk.ask<LaneDetail>(`dispatch get ${ref}`)
    expect(latestTurn).toMatchObject({ status: 'failed' })
    expect(latestTurn?.error).not.toBeNull()
    expect(latestTurn?.errorAt).not.toBeNull()
  },
  'nothing was asked of the model': (seen) => {
    expect(since(seen)).toEqual([])
  },
  'the model was asked as Codex is configured': async (seen) => {
    const { id, ref } = seen.answer.json() as NewResult
    const { models, configuredDefault } = await seen.walk.ask<ModelsResult>('dispatch models')
    const request = await requestOf(seen, ({ threadId }) => threadId === id)
    expect(request.serviceTier).toBeUndefined()
    expect(request.model).toBe(
      configuredDefault?.model ?? models.find(({ isDefault }) => isDefault)?.id,
    )
    await ends(seen, ref)
  },
  'the model was asked in the fast tier': async (seen) => {
    const { id, ref } = seen.answer.json() as NewResult
    const request = await requestOf(seen, ({ threadId }) => threadId === id)
    expect(request).toMatchObject({ serviceTier: 'priority', effort: 'low' })
    await ends(seen, ref)
  },
  'no lane was made': async ({ walk }) => {
    const titles = (await walk.lanes()).map(({ title }) => title)
    expect(titles.filter((title) => title.includes('refused'))).toEqual([])
  },
  'it is listed': async ({ walk }) => {
    expect((await walk.lanes()).map(({ ref }) => ref)).toContain(walk.lastRef())
  },
  'it is not listed': async ({ walk }) => {
    expect((await walk.lanes()).map(({ ref }) => ref)).not.toContain(walk.filled('<dispatch-ref>'))
  },
  'the history has the message': ({ answer }) => {
    const { items } = answer.json() as TailResult
    const said = items.filter(({ type }) => type === 'userMessage').map(({ text }) => text)
    expect(said[0]).toMatch(/^(?:Please summarize the current|Review the README for)/)
    expect(items[0]).toMatchObject({ type: 'userMessage' })
    expect(items[1]).toMatchObject({ type: 'agentMessage' })
  },
  'the making of a lane is logged': ({ answer, walk }) => {
    const { entries } = answer.json() as AuditResult
    expect(entries.length).toBeLessThanOrEqual(10)
    expect(entries).toContainEqual(
      expect.objectContaining({ op: 'new', actor: 'cli', ref: walk.lastRef(), outcome: 'ok' }),
    )
  },
  'all that doctor looks at': ({ answer, entry }) => {
    const { checks } = answer.json() as DoctorResult
    expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(doctorNames))
    const trial = checks.find(({ name }) => name === 'app_server')
    expect(trial?.status).toBe(entry.line.includes('--no-app-server') ? 'skipped' : 'ok')
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
  },
  'raw events': async ({ answer, walk }) => {
    const { events } = answer.json() as WatchResult
    expect(events).toHaveLength(20)
    for (const event of events) {
      expect(event).toMatchObject({ method: expect.any(String), params: expect.any(Object) })
    }
    expect((await walk.type('dispatch stop <dispatch-ref>')).code).toBe(0)
  },
  'the model sees it with the next message': async (seen) => {
    expect(since(seen)).toEqual([])
    const { ref } = seen.answer.json() as SendResult
    const next = await seen.walk.type(`dispatch send ${ref} "reply: Seen." --wait`)
    expect(next.code, next.stderr).toBe(0)
    const [request] = since(seen)
    expect(request?.userTexts.filter((text) => text === textOf(seen))).toHaveLength(1)
  },
  'it lands in the turn that runs': async (seen) => {
    const { ref, delivery } = seen.answer.json() as SendResult
    seen.walk.openGate()
    const request = await requestOf(seen, ({ prompt }) => prompt?.text === textOf(seen))
    expect(request.prompt?.kind).toBe('steer')
    expect(request.turnId).toBe(delivery.turnId)
    await ends(seen, ref)
  },
  'the turn is cut and the message takes its place': async (seen) => {
    const { ref, delivery } = seen.answer.json() as SendResult
    const request = await requestOf(seen, ({ prompt }) => prompt?.text === textOf(seen))
    expect(request.turnId).toBe(delivery.turnId)
    const cut = await before(seen, 'abandoned')
    expect(cut.threadId).toBe(request.threadId)
    expect(cut.turnId).not.toBe(request.turnId)
    await ends(seen, ref)
  },
  'it runs when the turn has ended': async (seen) => {
    const { ref } = seen.answer.json() as SendResult
    expect(since(seen)).toEqual([])
    seen.walk.openGate()
    const request = await requestOf(seen, ({ prompt }) => prompt?.text === textOf(seen))
    expect(request.turnId).not.toBe((await before(seen, 'completed')).turnId)
    expect(request.prompt?.kind).toBe('user')
    await ends(seen, ref)
  },
  'the sender is named': async (seen) => {
    const { ref } = seen.answer.json() as SendResult
    const sender = await seen.walk.ask<LaneDetail>('dispatch get @docs')
    const hint = `[dispatch] From ${sender.handle} (${sender.ref}). Use dispatch_send with lane ${sender.ref} to reply.`
    await requestOf(seen, ({ prompt }) => prompt?.text === `${hint}\n\n${textOf(seen)}`)
    await ends(seen, ref)
  },
  'the files are there': ({ walk, entry }) => {
    const files = Object.entries(entry.env ?? {}).filter(([name]) => name !== 'DISPATCH_HOME')
    expect(files.length).toBe(3)
    for (const [name, file] of files) expect(existsSync(walk.filled(file)), name).toBe(true)
  },
  'both are found': finds('<codex-thread-id>', '<session-id>'),
  'the lane is found': finds('<codex-thread-id>'),
  'the other one is found': finds('<session-id>'),
  'what is found lies between the days': ({ answer }) => {
    // A day is one of the caller's zone, up to a day away from that of UTC.
    for (const { updatedAt } of (answer.json() as SearchResult).matches) {
      expect(updatedAt > '2026-05-31' && updatedAt < '2026-06-07').toBe(true)
    }
  },
  'the session is shown': async ({ answer, walk }) => {
    const { sessions } = answer.json() as ListUnmanagedResult
    const id = walk.filled('<session-id>')
    expect(sessions.find((session) => session.id === id)).toMatchObject({
      name: expect.any(String),
      preview: expect.any(String),
      cwd: walk.filled('/path/to/project'),
      status: 'idle',
      source: 'exec',
      ephemeral: false,
    })
    expect((await walk.lanes()).map((lane) => lane.id)).not.toContain(id)
  },
  'it is half an hour ahead': ({ answer }) => {
    const { createdAt, next } = answer.json() as TriggerResult
    const [first = ''] = next
    expect(Date.parse(first) - Date.parse(createdAt)).toBe(1_800_000)
    expect(next).toHaveLength(3)
  },
  'it is at nine on weekdays': ({ answer }) => {
    const { next, timezone } = answer.json() as TriggerResult
    expect(next).toHaveLength(3)
    const shown = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone ?? 'UTC',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    })
    for (const time of next) {
      expect(shown.format(new Date(time))).toMatch(/^(?:Mon|Tue|Wed|Thu|Fri),? 09:00$/)
    }
  },
  'the lane heard of the docs branch': async (seen) => {
    const { lane } = seen.answer.json() as TriggerRunResult
    const text = 'Check whether the docs branch needs attention.'
    await requestOf(seen, ({ prompt }) => prompt?.text === text)
    await ends(seen, lane?.ref ?? '')
  },
  'schemas of input and output': ({ answer }) => {
    expect(answer.json()).toMatchObject({
      input: { type: 'object' },
      output: expect.any(Object),
    })
  },
}
