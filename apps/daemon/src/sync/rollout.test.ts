import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { END_BYTES } from './plan.ts'
import { type Reading, readRollout } from './rollout.ts'

const makeFile = () => {
  const folder = mkdtempSync(join(tmpdir(), 'dispatch-rollout-'))
  const path = join(folder, 'rollout.jsonl')
  return {
    path,
    folder,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const signal = new AbortController().signal
const read = (path: string, before: Reading | null = null, full = false): Promise<Reading> =>
  readRollout(path, { known: before?.position ?? null, full, signal })

const at = (second: number): string => new Date(second * 1000).toISOString()
const line = (second: number, type: string, payload: object): string =>
  `${JSON.stringify({ timestamp: at(second), ordinal: second, type, payload })}\n`
const turn = (second: number, id: string): string =>
  line(second, 'event_msg', { type: 'task_started', turn_id: id })
const said = (second: number, text: string): string =>
  line(second, 'event_msg', {
    type: 'item_completed',
    turn_id: 'u',
    item: { type: 'UserMessage', content: [{ type: 'text', text }] },
  })
const filler = (second: number, bytes: number): string =>
  line(second, 'response_item', { type: 'message', text: 'x'.repeat(bytes) })

describe('reading a rollout', () => {
  it('takes time, turn, model and first message of a small file, all of it', async () => {
    using file = makeFile()
    const model = line(3, 'turn_context', { turn_id: 't1', model: 'm' })
    writeFileSync(file.path, turn(1, 't1') + said(2, 'hello') + model + said(4, 'again'))
    const reading = await read(file.path)
    expect(reading.facts).toEqual({
      latestEventAt: 4_000,
      latestTurnId: 'u',
      model: 'm',
      message: 'hello',
    })
    expect(reading).toMatchObject({ badLines: 0, afresh: true, position: { whole: true } })
  })

  it('reads head and tail of a large file, and all of it when asked', async () => {
    using file = makeFile()
    const middle = Array.from(
      { length: 40 },
      (_, n) => turn(100 + n, `mid-${n}`) + filler(100, 30_000),
    )
    writeFileSync(file.path, said(1, 'first') + middle.join('') + turn(900, 'last'))
    const quick = await read(file.path)
    expect(quick.bytesRead).toBe(2 * END_BYTES)
    expect(quick.facts).toMatchObject({ message: 'first', latestTurnId: 'last' })
    expect(quick).toMatchObject({ badLines: 0, position: { whole: false } })
    const full = await read(file.path, quick, true)
    expect(full.position).toMatchObject({ whole: true, offset: full.bytesRead })
    expect(full.bytesRead).toBeGreaterThan(1_200_000)
  })

  it('goes on where it stopped, and reads nothing when nothing came', async () => {
    using file = makeFile()
    writeFileSync(file.path, turn(1, 'a'))
    const first = await read(file.path)
    const none = await read(file.path, first, true)
    expect(none).toMatchObject({ bytesRead: 0, afresh: false, position: first.position })
    const more = turn(2, 'b')
    appendFileSync(file.path, more)
    const second = await read(file.path, first)
    expect(second).toMatchObject({ bytesRead: more.length, afresh: false })
    expect(second.facts.latestTurnId).toBe('b')
    expect(second.position.whole).toBe(true)
  })

  it('leaves a half-written last line until it is whole', async () => {
    using file = makeFile()
    const whole = turn(2, 'b')
    writeFileSync(file.path, turn(1, 'a') + whole.slice(0, 30))
    const first = await read(file.path)
    expect(first).toMatchObject({ badLines: 0, facts: { latestTurnId: 'a' } })
    appendFileSync(file.path, whole.slice(30))
    const second = await read(file.path, first)
    expect(second).toMatchObject({ badLines: 0, facts: { latestTurnId: 'b' } })
  })

  it('starts again after a cut, a replacement and a rewriting in place', async () => {
    using file = makeFile()
    writeFileSync(file.path, turn(1, 'a') + turn(2, 'b'))
    const before = await read(file.path)
    truncateSync(file.path, turn(1, 'a').length)
    expect(await read(file.path, before)).toMatchObject({
      afresh: true,
      facts: { latestTurnId: 'a' },
    })
    const other = join(file.folder, 'other')
    writeFileSync(other, turn(1, 'x') + turn(2, 'y') + turn(3, 'z'))
    renameSync(other, file.path)
    expect(await read(file.path, before)).toMatchObject({
      afresh: true,
      facts: { latestTurnId: 'z' },
    })
    const now = await read(file.path)
    writeFileSync(file.path, turn(1, 'p') + turn(2, 'q') + turn(3, 'r') + turn(4, 's'))
    expect(await read(file.path, now)).toMatchObject({ afresh: true, facts: { latestTurnId: 's' } })
  })

  it('survives bad JSON, other files, no bytes, blank and binary lines', async () => {
    using file = makeFile()
    const bad = '{"timestamp":"x"}\nnot json\n{"a":1}\n\n[]\nnull\n"text"\n'
    writeFileSync(file.path, Buffer.concat([Buffer.from(bad), Buffer.from([0xff, 0xfe, 0x0a])]))
    appendFileSync(file.path, turn(7, 'ok'))
    const reading = await read(file.path)
    expect(reading).toMatchObject({ badLines: 7, facts: { latestTurnId: 'ok' } })
    writeFileSync(file.path, '')
    expect(await read(file.path)).toMatchObject({ bytesRead: 0, facts: { latestEventAt: null } })
  })

  it('holds lines of many megabytes in bounded memory', async () => {
    using file = makeFile()
    const huge = 24 * 1024 * 1024
    writeFileSync(file.path, said(1, 'first'))
    for (const n of [2, 3, 4]) appendFileSync(file.path, filler(n, huge))
    const end = { type: 'task_complete', turn_id: 'big', last_agent_message: 'y'.repeat(huge) }
    appendFileSync(file.path, line(5, 'event_msg', end))
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    let peak = 0
    const timer = setInterval(() => {
      const { arrayBuffers, heapUsed } = process.memoryUsage()
      peak = Math.max(peak, arrayBuffers + heapUsed)
    }, 1)
    const reading = await read(file.path, null, true)
    clearInterval(timer)
    expect(reading).toMatchObject({
      badLines: 0,
      facts: { latestTurnId: 'big', latestEventAt: 5_000, message: 'first' },
    })
    expect(peak - before).toBeLessThan(huge)
    // The same from its tail alone, which lies inside one line.
    const quick = await read(file.path)
    expect(quick.facts.message).toBe('first')
    expect(quick.badLines).toBe(0)
  })
})
