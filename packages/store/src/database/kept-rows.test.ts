import { expect, test } from 'vitest'
import { makeKeptRows } from './kept-rows.ts'

type Row = { name: string; text: string | null; settings: { models: string[] } | null }

const makeSide = (part: Partial<Row> = {}) => {
  const kept = new Set<() => void>()
  let reads = 0
  const read = (name: string): Row => {
    reads += 1
    return { name, text: null, settings: { models: ['a'] }, ...part }
  }
  const rows = makeKeptRows({ readonly: false, kept }, read)
  const readsOf = (get: () => unknown): number => {
    const before = reads
    get()
    return reads - before
  }
  return { rows, readsOf }
}

test('a row is kept until it changes, with what is patched', () => {
  const { rows, readsOf } = makeSide()
  expect(readsOf(() => [rows.get('a'), rows.get('a')])).toBe(1)
  rows.patched('a', { text: 'short' })
  expect(readsOf(() => expect(rows.get('a')?.text).toBe('short'))).toBe(0)
  rows.changed('a')
  expect(readsOf(() => expect(rows.get('a')?.text).toBeNull())).toBe(1)
})

test('nobody changes what everybody has', () => {
  const { rows } = makeSide()
  const models = rows.get('a')?.settings?.models
  expect(() => models?.push('b')).toThrow(TypeError)
})

test('JSON is read as the table has it, never taken from who wrote it', () => {
  const { rows, readsOf } = makeSide()
  rows.get('a')
  const settings = { models: ['mine'] }
  rows.patched('a', { settings })
  expect(readsOf(() => expect(rows.get('a')?.settings).toEqual({ models: ['a'] }))).toBe(1)
})

test('beyond the bound the oldest goes, not all', () => {
  const { rows, readsOf } = makeSide()
  for (let n = 0; n < 1_025; n += 1) rows.get(`${n}`)
  expect(readsOf(() => rows.get('1'))).toBe(0)
  expect(readsOf(() => rows.get('0'))).toBe(1)
  expect(readsOf(() => rows.get('1024'))).toBe(0)
})

test('a row with long texts is not kept', () => {
  const long = 'x'.repeat(10_000)
  const { rows, readsOf } = makeSide({ text: long })
  expect(readsOf(() => [rows.get('a'), rows.get('a')])).toBe(2)
  const short = makeSide()
  short.rows.get('a')
  short.rows.patched('a', { text: long })
  expect(short.readsOf(() => [short.rows.get('a'), short.rows.get('a')])).toBe(1)
})
