import type { DispatchEvent } from '@dispatch/contract'
import type { LaneRow, RequestRow } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { eventToText, toLine } from './notice.ts'

const lane = { handle: '@docs', lastMessage: 'All 43 tests pass.\nOne was slow.' } as LaneRow
const request = { ask: { summary: 'run touch made' } } as RequestRow

const event = (type: string, data: object = {}): DispatchEvent =>
  ({ cursor: '1.1', at: '', lane: null, type, data }) as unknown as DispatchEvent

describe('what a person is told', () => {
  it.each([
    ['request.opened', {}, '@docs asks: run touch made'],
    ['turn.completed', {}, '@docs is done: All 43 tests pass. One was slow.'],
    ['turn.failed', { error: { message: 'no quota' } }, '@docs failed: no quota'],
    ['turn.failed', { error: 'no quota' }, '@docs failed: no quota'],
    ['turn.interrupted', {}, '@docs was interrupted.'],
    ['lane.stalled', {}, '@docs has fallen silent.'],
    ['trigger.disabled', { name: 'pulse', reason: 'gone' }, 'The trigger pulse was given up: gone'],
  ])('of %s', (type, data, text) => {
    expect(eventToText(event(type, data), { lane, request })).toBe(text)
  })

  it('is of Codex where no lane is known', () => {
    expect(eventToText(event('request.opened'), { lane: null, request: null })).toBe('Codex asks.')
  })

  it('is one line that no terminal and no environment takes for something else', () => {
    expect(toLine('a\0b\u001b[31m\r\n  c')).toBe('a b [31m c')
    const long = toLine('😀'.repeat(1_000))
    expect(Array.from(long)).toHaveLength(300)
    expect(long.endsWith('😀…')).toBe(true)
  })
})
