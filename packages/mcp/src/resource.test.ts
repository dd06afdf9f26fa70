import { appRouter, describeRouter } from '@dispatch/contract'
import { eventTypes } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { AUDIT_OP } from './changes.ts'
import { EVENTS_OP } from './progress.ts'
import { findResource, isChangedBy, resourcesOf, toUri } from './resource.ts'
import { LANE_OP, LANES_OP } from './resources.ts'
import { BEGINNING_OP } from './serve-completions.ts'

const manifest = describeRouter(appRouter)
const kinds = resourcesOf(manifest)

test('the resources are reading ops, each with its own addresses', () => {
  const templates = kinds.map(({ template }) => template)
  expect(new Set(templates).size).toBe(templates.length)
  expect(templates).toEqual(
    expect.arrayContaining([
      'dispatch://lanes',
      'dispatch://lanes/{lane}',
      'dispatch://lanes/{lane}/transcript',
      'dispatch://lanes/{lane}/requests',
      'dispatch://lanes/{lane}/queue',
    ]),
  )
  for (const { op, fields } of kinds) {
    expect(op).toMatchObject({ kind: 'query', meta: { intent: 'read' } })
    const required = (op.input['required'] ?? []) as string[]
    expect(Object.keys(op.input['properties'] as object)).toEqual(expect.arrayContaining(fields))
    expect(fields).toEqual(expect.arrayContaining(required))
  }
})

test('the ops behind them are there', () => {
  const kindOf = (path: string) => manifest.ops.find((op) => op.path === path)?.kind
  expect([LANES_OP, LANE_OP, BEGINNING_OP].map(kindOf)).toEqual(['query', 'query', 'query'])
  expect([EVENTS_OP, AUDIT_OP].map(kindOf)).toEqual(['subscription', 'subscription'])
})

test('each is changed by events and ops that there are', () => {
  const writing = manifest.ops.filter(({ kind }) => kind === 'mutation').map(({ path }) => path)
  for (const kind of kinds) {
    for (const beginning of kind.changes) {
      expect(
        [...eventTypes, ...writing].some((type) => type.startsWith(beginning)),
        beginning,
      ).toBe(true)
    }
    expect(isChangedBy(kind, 'gap')).toBe(true)
    expect(isChangedBy(kind, 'daemon.started')).toBe(false)
  }
})

const lane = ['lane.status-changed', 'turn.started', 'turn.failed', 'request.opened', 'sync']
const queue = ['delivery.queued', 'delivery.cancelled', 'queue.edit', 'queue.move', 'queue.pause']
const goal = ['goal.changed', 'goal.set', 'goal.clear']

test.each([
  ['dispatch://lanes', [...lane, ...queue, ...goal]],
  ['dispatch://lanes/{lane}', [...lane, ...queue, ...goal, 'usage.updated']],
  [
    'dispatch://lanes/{lane}/transcript',
    ['item.completed', 'turn.failed', 'turn.interrupted', 'lane.rolled-back', 'attach', 'sync'],
  ],
  ['dispatch://lanes/{lane}/queue', queue],
  ['dispatch://queue', queue],
  ['dispatch://lanes/{lane}/requests', ['request.opened', 'request.closed']],
  ['dispatch://requests', ['request.answered', 'request.expired']],
])('%s is changed by all that its answer shows', (template, happenings) => {
  const kind = kinds.find((one) => one.template === template)
  if (!kind) throw new Error(template)
  const known = new Set<string>([...eventTypes, ...manifest.ops.map(({ path }) => path)])
  expect(happenings.filter((what) => !known.has(what))).toEqual([])
  expect(happenings.filter((what) => !isChangedBy(kind, what))).toEqual([])
})

test('an address is read as it is written', () => {
  const kind = kinds.find(({ template }) => template.endsWith('{lane}/transcript'))
  if (!kind) throw new Error('no transcript')
  const uri = toUri(kind, { lane: '@a b/ü' })
  expect(uri).toBe('dispatch://lanes/%40a%20b%2F%C3%BC/transcript')
  expect(findResource(kinds, uri)).toEqual({ kind, input: { lane: '@a b/ü' } })
  expect(findResource(kinds, 'dispatch://lanes')?.input).toEqual({})
  for (const wrong of [
    'dispatch://',
    'dispatch://lanes/',
    'dispatch://lanes/a/b',
    'dispatch://lanes/%',
    'file:///lanes',
  ]) {
    expect(findResource(kinds, wrong), wrong).toBe(null)
  }
})
