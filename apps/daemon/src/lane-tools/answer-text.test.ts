import { expect, it } from 'vitest'
import { answerToText } from './answer-text.ts'

it('is the JSON of the answer', () => {
  expect(answerToText({ a: [1, 'x', null], b: { c: true } })).toBe(
    '{"a":[1,"x",null],"b":{"c":true}}',
  )
})

it.each(['x', 'ä', '"', '\u{1F600}'])('stays JSON and short where texts of %s are long', (unit) => {
  const answer = {
    ref: '0abc12',
    message: unit.repeat(100_000),
    items: [{ text: unit.repeat(50_000) }],
  }
  const text = answerToText(answer)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(36_000)
  expect(Buffer.byteLength(text)).toBeGreaterThan(20_000)
  const read = JSON.parse(text) as typeof answer
  expect(read.ref).toBe('0abc12')
  expect(read.message).toMatch(/… \[\d+ more characters\]$/)
})

it('cuts nothing short, however many there are', () => {
  const lanes = Array.from({ length: 2_000 }, (_, number) => ({ handle: `@lane-${number}` }))
  expect(JSON.parse(answerToText({ lanes }))).toEqual({ lanes })
})
