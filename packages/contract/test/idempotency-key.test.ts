import { expect, it } from 'vitest'
import { IdempotencyKey } from '../src/fields.ts'

it.each(['a\u0000b', 'a\nb', 'a\u001b[31mb', '\u0085', '', 'x'.repeat(201)])(
  'a key is not %j',
  (key) => {
    expect(IdempotencyKey.safeParse(key).success).toBe(false)
  },
)

it.each(['deploy 7', 'büro/日本', 'a\u200bb'])('a key may be %j', (key) => {
  expect(IdempotencyKey.safeParse(key).success).toBe(true)
})
