// The laws of the tools of agents in lanes: opted into op by op and field by field, and never what a person decides.
import { expect, it } from 'vitest'
import { describeRouter } from '../src/describe.ts'
import { laneToolOps } from '../src/lane-tool-ops.ts'
import type { FieldMeta, JsonSchema } from '../src/manifest.ts'
import { appRouter } from '../src/router.ts'

const { ops } = describeRouter(appRouter)
const offered = ops.flatMap((op) =>
  op.meta.laneTool ? [{ path: op.path, op, tool: op.meta.laneTool }] : [],
)
const propertiesOf = ({ input }: (typeof ops)[number]) =>
  (input.properties ?? {}) as Record<string, JsonSchema & FieldMeta>

it('a configuration can name exactly the ops whose meta says so', () => {
  expect([...laneToolOps].sort()).toEqual(offered.map(({ path }) => path).sort())
})

it('the usual ones are those of the documents', () => {
  const usual = offered.filter(({ tool }) => tool.usual).map(({ path }) => path)
  expect(usual.sort()).toEqual(['get', 'last', 'list', 'new', 'send', 'stop', 'tail', 'wait'])
})

it('what a person decides is none, whatever a configuration says', () => {
  const decided =
    /^(adopt|attach|detach|release|set|config\..*|trigger\..*|request\.(approve|deny|respond)|daemon\..*|registry\..*)$/
  expect(offered.filter(({ path }) => decided.test(path))).toEqual([])
  expect(ops.filter(({ path }) => decided.test(path)).length).toBeGreaterThan(20)
})

it.each(offered)('$path is served, is no stream, and takes what it says', ({ op, tool }) => {
  expect(op.kind).not.toBe('subscription')
  expect([op.meta.runs ?? 'daemon', op.meta.hidden ?? false]).toEqual(['daemon', false])
  expect(Object.keys(propertiesOf(op))).toEqual(expect.arrayContaining([...tool.fields]))
  const required = (op.input.required ?? []) as string[]
  // Which lane to stop is no question where all are not offered.
  expect(required.filter((field) => !tool.fields.includes(field))).toEqual([])
})

it.each(offered)('$path is bounded by what it does', ({ op, tool }) => {
  const isReading = tool.bound === 'reads' || tool.bound === 'waits'
  expect(isReading).toBe(op.meta.intent === 'read')
  const selectors = tool.fields.filter((field) => propertiesOf(op)[field]?.selector)
  if (tool.bound === 'own') expect(selectors).toEqual(['lane'])
})

it('nobody gives a lane more than itself through a field that is not looked at', () => {
  const withAccess = /^(env|modelProvider|approvalsReviewer|requests|idempotencyKey)$/
  for (const { tool } of offered) {
    expect(tool.fields.filter((field) => withAccess.test(field))).toEqual([])
  }
  expect(
    offered.filter(({ tool }) => tool.fields.includes('sandbox')).map(({ path }) => path),
  ).toEqual(['new'])
})
