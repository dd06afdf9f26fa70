import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { CodexMessageTooLargeError } from './errors.ts'
import { makeLineSplitter } from './jsonl.ts'

/** Cuts bytes at the given places, wherever a character or a line may lie. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const marks = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length]
  marks.sort((a, b) => a - b)
  return marks.slice(1).map((mark, index) => bytes.subarray(marks[index], mark))
}

describe('makeLineSplitter', () => {
  it('gives the lines that went in, however they were cut', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => JSON.stringify({ text }))
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, places) => {
        const seen: string[] = []
        const split = makeLineSplitter({ maxBytes: 1e6, onLine: (text) => seen.push(text) })
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''))
        for (const chunk of cut(bytes, places)) split(chunk)
        // A lone surrogate has no UTF-8: JSON.stringify escapes it, so texts compare as they are.
        expect(seen).toEqual(lines)
      }),
    )
  })

  it('drops blank lines and keeps an unfinished one back', () => {
    const seen: string[] = []
    const split = makeLineSplitter({ maxBytes: 100, onLine: (text) => seen.push(text) })
    split(Buffer.from('\n  \n{"a":1}\n\n{"b"'))
    expect(seen).toEqual(['{"a":1}'])
    split(Buffer.from(':2}\n'))
    expect(seen).toEqual(['{"a":1}', '{"b":2}'])
  })

  it.each([
    ['in one chunk', ['x'.repeat(11) + '\n']],
    ['without an end', ['x'.repeat(11)]],
    ['over many chunks', ['xxxx', 'xxxx', 'xxxx']],
    ['with its end in the last chunk', ['xxxxxxxx', 'xxx\n']],
  ])('refuses a line over the bound %s', (_name, chunks) => {
    const split = makeLineSplitter({ maxBytes: 10, onLine: () => undefined })
    expect(() => chunks.forEach((chunk) => split(Buffer.from(chunk)))).toThrow(
      CodexMessageTooLargeError,
    )
  })

  it('takes a line of exactly the bound', () => {
    const seen: string[] = []
    const split = makeLineSplitter({ maxBytes: 10, onLine: (text) => seen.push(text) })
    for (const chunk of ['xxxxx', 'xxxxx', '\nyyyyyyyyyy\n']) split(Buffer.from(chunk))
    expect(seen).toEqual(['x'.repeat(10), 'y'.repeat(10)])
  })

  it('never looks at a byte twice', () => {
    const split = makeLineSplitter({ maxBytes: 1e6, onLine: () => undefined })
    let looked = 0
    for (let index = 0; index < 1000; index += 1) {
      const chunk = Buffer.alloc(100, 'x')
      const find = chunk.indexOf.bind(chunk)
      chunk.indexOf = ((value: number, from: number) => {
        looked += chunk.length - from
        return find(value, from)
      }) as typeof chunk.indexOf
      split(chunk)
    }
    expect(looked).toBe(100_000)
  })
})
