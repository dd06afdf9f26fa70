import { expect, test } from 'vitest'
import { joinSchemas } from './join-schemas.ts'

test.each([
  [[{ type: 'string' }, { type: 'string', description: 'a' }], { type: 'string' }],
  [
    [
      { type: 'string', maxLength: 3, minLength: 1 },
      { type: 'string', maxLength: 5 },
    ],
    { type: 'string', maxLength: 5 },
  ],
  [
    [
      { type: 'string', enum: ['a'] },
      { type: 'string', enum: ['b', 'a'] },
    ],
    { type: 'string', enum: ['a', 'b'] },
  ],
  [[{ type: 'string', enum: ['a'] }, { type: 'string' }], { type: 'string' }],
  [
    [
      { type: 'array', items: { type: 'string' }, maxItems: 2 },
      { type: 'array', items: { type: 'string' }, maxItems: 9 },
    ],
    { type: 'array', items: { type: 'string' }, maxItems: 9 },
  ],
  [[{ type: 'string' }, { type: 'null' }], { anyOf: [{ type: 'string' }, { type: 'null' }] }],
  [
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: 'string' }],
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
  ],
  [
    [
      { type: 'object', properties: { a: {} } },
      { type: 'object', properties: { b: {} } },
    ],
    {
      anyOf: [
        { type: 'object', properties: { a: {} } },
        { type: 'object', properties: { b: {} } },
      ],
    },
  ],
])('%j', (schemas, joined) => {
  expect(joinSchemas(schemas)).toEqual(joined)
})
