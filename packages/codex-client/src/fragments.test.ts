import { isUtf8 } from 'node:buffer'

import { describe, expect, it } from 'vitest'

import { CodexMessageTooLargeError } from './errors.ts'
import { MAX_FRAME_BYTES, MAX_MESSAGE_BYTES, textToFrames } from './fragments.ts'

const MIB = 1024 * 1024

describe('textToFrames', () => {
  it.each([
    ['nothing', ''],
    ['a little', '{"id":1}'],
    ['exactly one frame', 'x'.repeat(MAX_FRAME_BYTES)],
    ['one frame of wide characters', 'é'.repeat(MAX_FRAME_BYTES / 2)],
  ])('leaves %s whole', (_name, text) => {
    expect(textToFrames(text)).toEqual([text])
  })

  it.each([
    ['one byte each', 'x'.repeat(MAX_FRAME_BYTES + 1)],
    ['two', 'xé'.repeat(4 * MIB)],
    ['three', '€'.repeat(5 * MIB)],
    ['four', 'x😀'.repeat(3 * MIB)],
  ])('cuts between characters of %s', (_name, text) => {
    const frames = textToFrames(text) as Buffer[]
    expect(frames.length).toBeGreaterThan(2)
    for (const frame of frames) {
      expect(frame.length).toBeLessThanOrEqual(4 * MIB)
      expect(frame.length).toBeGreaterThan(0)
      expect(isUtf8(frame)).toBe(true)
    }
    expect(Buffer.concat(frames).toString() === text).toBe(true)
  })

  it('sends 60 MiB and refuses one byte more', () => {
    const text = 'x'.repeat(MAX_MESSAGE_BYTES)
    expect(textToFrames(text)).toHaveLength(15)
    expect(() => textToFrames(`${text}x`)).toThrow(
      new CodexMessageTooLargeError(MAX_MESSAGE_BYTES + 1, MAX_MESSAGE_BYTES),
    )
  })
})
