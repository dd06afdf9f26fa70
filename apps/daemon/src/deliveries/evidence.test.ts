import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveryRow, fakeClient, itemFact, laneRow, makeBench } from '../../test/bench.ts'
import type { HistoryItem, HistoryReader } from '../codex/history-reader.ts'
import { isContextInRollout, makeGatherEvidence } from './evidence.ts'

const reader = (pages: HistoryItem[][]): HistoryReader & { read: number } => {
  const history = {
    read: 0,
    items: async (_client: unknown, { cursor }: { cursor: string | null }) => {
      history.read += 1
      const at = Number(cursor ?? 0)
      const nextCursor = at + 1 < pages.length ? String(at + 1) : null
      return { data: pages[at] ?? [], nextCursor }
    },
    turns: async () => ({ data: [], nextCursor: null }),
  }
  return history
}

const line = (payload: object, type = 'response_item') =>
  `${JSON.stringify({ timestamp: 'now', ordinal: 1, type, payload })}\n`
const user = (text: string) =>
  line({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })

const gather = async (options: {
  path?: string | null
  from?: number | null
  text?: string
  pages?: HistoryItem[][]
}) => {
  const { path = null, from = 0, text = 'hello', pages = [[]] } = options
  const history = reader(pages)
  const row = deliveryRow('d', 't', { text, rolloutBytes: from, submittedAt: 1_000_000 })
  const lane = laneRow('t', { rolloutPath: path })
  const others = [row, deliveryRow('e', 't', { text: 'other' })]
  const evidence = await makeGatherEvidence(history)(fakeClient({}), { lane, row, others })
  return { ...evidence, read: history.read }
}

describe('the rollout', () => {
  it('is scanned from the length at submission on', async () => {
    using bench = makeBench()
    const path = join(bench.folder, 'rollout.jsonl')
    const before = user('hello') + user('hellö')
    writeFileSync(path, before)
    const from = Buffer.byteLength(before)
    expect((await gather({ path, from })).sameTextInRollout).toBe(0)
    appendFileSync(path, user('hello there') + user('hello') + line({ type: 'x' }, 'event_msg'))
    expect((await gather({ path, from })).sameTextInRollout).toBe(1)
    appendFileSync(path, user('hello'))
    expect((await gather({ path, from })).sameTextInRollout).toBe(2)
    expect((await gather({ path, from: 0 })).sameTextInRollout).toBe(3)
  })

  it('counts no line whose message was completed for another delivery, and no context', async () => {
    using bench = makeBench()
    const path = join(bench.folder, 'rollout.jsonl')
    const completed = (clientId: string) => {
      const content = [{ type: 'text', text: 'hello' }]
      const item = { type: 'UserMessage', id: 'x', client_id: clientId, content }
      return line({ type: 'item_completed', item }, 'event_msg')
    }
    const context = line({
      type: 'message',
      id: 'msg_dsp_c',
      role: 'user',
      content: [{ type: 'input_text', text: 'hello' }],
    })
    writeFileSync(path, user('hello') + completed('other') + context)
    expect((await gather({ path })).sameTextInRollout).toBe(0)
    appendFileSync(path, user('hello'))
    expect((await gather({ path })).sameTextInRollout).toBe(1)
    // Its history may be a little behind the rollout.
    appendFileSync(path, completed('d'))
    expect((await gather({ path })).sameTextInRollout).toBe(1)
  })

  it('ends in the line of another message, of which only the end is beyond', async () => {
    using bench = makeBench()
    const path = join(bench.folder, 'rollout.jsonl')
    const item = { type: 'UserMessage', client_id: 'e', content: [{ type: 'text', text: 'hello' }] }
    const end = line({ type: 'item_completed', item }, 'event_msg')
    writeFileSync(path, user('hello') + end + user('hello'))
    const from = Buffer.byteLength(user('hello'))
    expect((await gather({ path, from })).sameTextInRollout).toBe(1)
  })

  it.each([
    ['there', 0, true],
    ['before it was handed over', 1_000, false],
  ])('has context by the id of its line, %s', async (_where, extra, found) => {
    using bench = makeBench()
    const path = join(bench.folder, 'rollout.jsonl')
    const payload = { type: 'message', id: 'msg_dsp_d', role: 'user', content: [] }
    const before = line(payload)
    writeFileSync(path, before + ' '.repeat(1_000))
    const row = deliveryRow('d', 't', { mode: 'context', rolloutBytes: extra && before.length })
    expect(await isContextInRollout(laneRow('t', { rolloutPath: path }), row)).toBe(found)
    const none = laneRow('t', { rolloutPath: null })
    expect(await isContextInRollout(none, row)).toBeNull()
  })

  it('says nothing in a last line that is half written', async () => {
    using bench = makeBench()
    const path = join(bench.folder, 'rollout.jsonl')
    const whole = user('hello')
    const cuts = fc.integer({ min: 0, max: Buffer.byteLength(whole) - 2 })
    await fc.assert(
      fc.asyncProperty(cuts, async (cut) => {
        writeFileSync(path, user('other') + whole.slice(0, cut))
        expect((await gather({ path })).sameTextInRollout).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  it('finds any text', async () => {
    using bench = makeBench()
    const path = join(bench.folder, 'rollout.jsonl')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        writeFileSync(path, user(text.toWellFormed()))
        expect((await gather({ path, text: text.toWellFormed() })).sameTextInRollout).toBe(1)
      }),
      { numRuns: 15 },
    )
  })

  it('counts no message but those of users', async () => {
    using bench = makeBench()
    const path = join(bench.folder, 'rollout.jsonl')
    const content = [{ type: 'input_text', text: 'hello' }]
    writeFileSync(
      path,
      line({ type: 'message', role: 'developer', content }) +
        line({ type: 'message', role: 'user' }) +
        line({ type: 'reasoning', role: 'user', content }) +
        '"response_item"\nnonsense "response_item"\n',
    )
    expect((await gather({ path })).sameTextInRollout).toBe(0)
  })

  it('cannot tell without a path, a length, a file, or where the file is another one', async () => {
    using bench = makeBench()
    const path = join(bench.folder, 'rollout.jsonl')
    expect((await gather({ path: null })).sameTextInRollout).toBeNull()
    expect((await gather({ path, from: null })).sameTextInRollout).toBeNull()
    expect((await gather({ path, from: 9 })).sameTextInRollout).toBeNull()
    writeFileSync(path, 'short')
    expect((await gather({ path, from: 99 })).sameTextInRollout).toBeNull()
    expect((await gather({ path: bench.folder })).sameTextInRollout).toBeNull()
  })

  it('has nothing of a thread that had no file and has none', async () => {
    using bench = makeBench()
    const path = join(bench.folder, 'none.jsonl')
    expect((await gather({ path, from: 0 })).sameTextInRollout).toBe(0)
  })
})

describe('the history', () => {
  const item = (id: string, part = {}): HistoryItem => ({
    ...itemFact(id, { type: 'userMessage', completedAt: 1_000_500, ...part }),
    turnId: `turn-${id}`,
  })

  it('is paged until our id is found', async () => {
    const pages = [[item('a')], [item('b', { clientId: 'd' })], [item('c')]]
    expect(await gather({ pages })).toMatchObject({ inHistory: { turnId: 'turn-b' }, read: 2 })
  })

  it('is left where what it tells is well before the message', async () => {
    const old = item('a', { completedAt: 1_000_000 - 60_001 })
    const pages = [[item('b')], [old], [item('c', { clientId: 'd' })]]
    expect(await gather({ pages })).toMatchObject({ inHistory: null, read: 2 })
  })

  it('is read whole where it tells no times', async () => {
    const pages = [[item('a', { completedAt: null })], [], [item('c', { clientId: 'd' })]]
    expect(await gather({ pages })).toMatchObject({ inHistory: { turnId: 'turn-c' }, read: 3 })
  })
})

it('counts the other unsettled messages with the same text', async () => {
  const row = deliveryRow('d', 't')
  const others = [
    row,
    // What it was before it was edited, or introduced, does not count.
    deliveryRow('e', 't', { textHash: 'x' }),
    deliveryRow('f', 't', { text: 'other' }),
    deliveryRow('g', 't', { mode: 'context' }),
  ]
  const about = { lane: laneRow('t'), row, others }
  const { twins } = await makeGatherEvidence(reader([[]]))(fakeClient({}), about)
  expect(twins).toBe(1)
})
