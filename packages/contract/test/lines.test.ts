import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeLineReader } from '../src/lines.ts'

const cut = (bytes: Buffer, sizes: number[]): Buffer[] => {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

test('however a stream is cut, its lines come whole and in order', () => {
  const line = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\n', ''))
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
      (lines, sizes) => {
        const read: string[] = []
        const onLine = (text: string) => void read.push(text)
        const take = makeLineReader({
          max: 1_000,
          concat: Buffer.concat,
          onLine,
          onOverflow: () => read.push('over'),
        })
        for (const chunk of cut(Buffer.from(lines.map((text) => `${text}\n`).join('')), sizes)) {
          take(chunk)
        }
        expect(read).toEqual(lines.map((text) => Buffer.from(text).toString()))
      },
    ),
  )
})

test('a line beyond the bound ends the reading, whole or not', () => {
  for (const text of ['123456\n789\n', '123456']) {
    const read: string[] = []
    const onLine = (line: string) => void read.push(line)
    const take = makeLineReader({
      max: 5,
      concat: Buffer.concat,
      onLine,
      onOverflow: () => read.push('over'),
    })
    take(Buffer.from('12345\n'))
    for (const chunk of cut(Buffer.from(text), [2])) take(chunk)
    take(Buffer.from('a\n'))
    expect(read).toEqual(['12345', 'over'])
  }
})

test.each([1, 2, 3, 7, 100])(
  'where it goes on, such a line alone is left out, cut by %i',
  (size) => {
    const read: string[] = []
    const take = makeLineReader({
      max: 5,
      goesOn: true,
      concat: Buffer.concat,
      onLine: (line) => void read.push(line),
      onOverflow: () => read.push('over'),
    })
    const text = '12345\n123456\na\n1234567890123\n\nb\n'
    for (const chunk of cut(Buffer.from(text), [size])) take(chunk)
    expect(read).toEqual(['12345', 'over', 'a', 'over', '', 'b'])
  },
)

test.each([1, 16, 256])('a line in pieces of %i bytes is copied as it grows', (size) => {
  const piece = Buffer.alloc(size, 'x')
  const cost = (pieces: number) => {
    const joined = { bytes: 0, chunks: 0 }
    const read: string[] = []
    const take = makeLineReader<Buffer>({
      max: size * pieces,
      concat: (chunks, length) => {
        joined.bytes += length
        joined.chunks = Math.max(joined.chunks, chunks.length)
        return Buffer.concat(chunks, length)
      },
      onLine: (line) => void read.push(line),
      onOverflow: () => read.push('over'),
    })
    for (let count = 0; count < pieces; count += 1) take(piece)
    take(Buffer.from('\n'))
    expect(read).toEqual(['x'.repeat(size * pieces)])
    return joined
  }
  const [short, long] = [cost(2_000), cost(32_000)]
  expect(long.bytes / short.bytes).toBeLessThan(2 * 16)
  expect(long.bytes).toBeLessThan(5 * 32_000 * size)
  expect(long.chunks).toBeLessThan(5 * 16)
})
