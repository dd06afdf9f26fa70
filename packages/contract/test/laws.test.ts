// The laws of the contract: what must hold for every procedure, whoever adds one.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeRouter } from '../src/describe.ts'
import type { ManifestOp } from '../src/manifest.ts'
import { createCallerFactory } from '../src/procedure.ts'
import { appRouter } from '../src/router.ts'
import { eventSchemaOf } from '../src/stream.ts'
import { walk } from '../src/walk.ts'
import { aCall, makeRecordingPort } from './recording-port.ts'
import { sampleOf } from '../src/testing/sample.ts'
import { hasField, nodesOf, rowsOf } from './schema-nodes.ts'

const { ops } = describeRouter(appRouter)
const walked = walk(appRouter)
const streams = ops.filter(({ kind }) => kind === 'subscription')

type AnyProcedure = (input: unknown) => Promise<unknown>

const callProcedure = (op: ManifestOp, answer: () => unknown, input: unknown) => {
  const port = makeRecordingPort(answer)
  const call = aCall()
  const caller = createCallerFactory(appRouter)({ ...port, call })
  const procedure = op.path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], caller) as AnyProcedure
  return { port, call, answered: procedure(input) }
}

describe('every procedure', () => {
  it.each(ops)('$path is the method of that path, once, with its input', async (op) => {
    const input = sampleOf(op.input, 'all')
    const answer = sampleOf(op.output, 'all')
    const events = async function* () {
      yield { cursor: '1.1', data: answer }
      yield { cursor: null, data: answer }
    }
    const stream = op.kind === 'subscription'
    const { port, call, answered } = callProcedure(op, () => (stream ? events() : answer), input)
    const got = stream
      ? await Array.fromAsync((await answered) as AsyncIterable<unknown>)
      : await answered
    const [first, ...more] = port.recorded
    expect(more).toEqual([])
    expect(first).toEqual({
      half: op.meta.runs === 'local' ? 'local' : 'services',
      method: op.path,
      input,
      call,
    })
    expect(first?.call).toBe(call)
    expect(got).toEqual(stream ? [['1.1', answer, expect.anything()], answer] : answer)
  })

  it.each(ops)(
    '$path takes the smallest input and refuses a field it does not know',
    async (op) => {
      const input = sampleOf(op.input, 'required') as object
      const unknown = callProcedure(op, () => null, { ...input, nobodyKnowsThis: 1 })
      await expect(unknown.answered).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      expect(unknown.port.recorded).toEqual([])
      expect(walked.find(({ path }) => path === op.path)?.input.safeParse(input).success).toBe(true)
    },
  )

  it.each(ops)('$path describes itself', ({ kind, meta }) => {
    expect(meta.description).toMatch(/^[A-Z].*\.$/s)
    if (kind === 'query' || kind === 'subscription') expect(meta.intent).toBe('read')
    else expect(['write', 'destroy']).toContain(meta.intent)
    if (!meta.hidden) expect(meta.cliMeta.examples).not.toEqual([])
  })

  it.each(streams)('$path follows a query of its own half', ({ meta }) => {
    const followed = ops.find(({ path }) => path === meta.follows)
    expect(followed).toMatchObject({ kind: 'query' })
    expect(followed?.meta.runs).toBe(meta.runs)
  })

  it('varies an op of its own kind, or has a plan of its own input', () => {
    for (const { meta, input, kind } of ops) {
      if (meta.variantOf) {
        const varied = ops.find(({ path }) => path === meta.variantOf?.op)
        expect(varied).toMatchObject({ kind, meta: { intent: meta.intent } })
        expect(varied?.meta.runs).toBe(meta.runs)
        expect(varied?.meta.autostart).toBe(meta.autostart)
      }
      if (meta.plannedBy === undefined) continue
      const plan = ops.find(({ path }) => path === meta.plannedBy)
      expect(plan).toMatchObject({ kind: 'query', input, meta: { hidden: true } })
      if (meta.intent !== 'destroy') expect(hasField(input, 'force')).toBe(true)
      for (const field of ['destroys', 'losses'])
        expect(hasField(plan?.output ?? {}, field)).toBe(true)
    }
  })

  it('traces calls of the daemon by their ids in one op alone', () => {
    const traces = ops.filter(({ meta }) => meta.tracesCalls)
    expect(traces).toMatchObject([{ kind: 'query', meta: { hidden: true } }])
    expect(traces[0]?.meta.runs ?? 'daemon').toBe('daemon')
    expect(hasField(traces[0]?.input ?? {}, 'callId')).toBe(true)
  })

  it('has a path that no other has', () => {
    const paths = ops.map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    // A word cannot be both a command and a group.
    for (const path of paths)
      expect(paths.filter((other) => other.startsWith(`${path}.`))).toEqual([])
  })
})

describe('every schema', () => {
  const nodes = ops.flatMap(({ path, input, output }) => [
    ...nodesOf(`${path} input`, input),
    ...nodesOf(`${path} output`, output),
  ])

  it.each(walked)('of $path is plain JSON', ({ input, output }) => {
    for (const [schema, io] of [
      [input, 'input'],
      [eventSchemaOf(output), 'output'],
    ] as const) {
      // Throws for a Date, a Map, a class, a bigint, undefined.
      z.toJSONSchema(schema, { io, unrepresentable: 'throw' })
    }
    expect(input).toBeInstanceOf(z.ZodObject)
  })

  it('describes every field', () => {
    const silent = nodes.filter(({ property, schema }) => property && !schema['description'])
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('is closed: unknown fields are refused on the way in and told on the way out', () => {
    const open = nodes.filter(
      ({ schema }) => schema['type'] === 'object' && schema['additionalProperties'] === undefined,
    )
    expect(open.map(({ path }) => path)).toEqual([])
  })

  it('writes times as ISO-8601 with milliseconds and durations with their unit', () => {
    const named = nodes.filter(({ property, path }) => property && /(?:\.at|[a-z]At)$/.test(path))
    expect(named.length).toBeGreaterThan(10)
    for (const { path, schema } of named) {
      const value = ((schema['anyOf'] as (typeof schema)[] | undefined) ?? [schema])[0]
      expect(value, path).toMatchObject({ type: 'string', format: 'date-time' })
    }
    const bare = nodes.filter(
      ({ property, path }) => property && /\.(?:timeout|duration|uptime|delay)$/.test(path),
    )
    expect(bare.map(({ path }) => path)).toEqual([])
  })

  it('bounds every number that comes in', () => {
    const unbounded = nodes.filter(
      ({ path, schema }) =>
        path.includes(' input') &&
        ((schema['type'] === 'integer' && typeof schema['maximum'] !== 'number') ||
          (schema['type'] === 'number' && typeof schema['maximum'] !== 'number')),
    )
    expect(unbounded.map(({ path }) => path)).toEqual([])
  })
})

describe('every view', () => {
  it.each(ops)('of $path shows fields that the answer has', ({ output, meta }) => {
    const { view } = meta.cliMeta
    const rows = 'rows' in view && view.rows !== undefined ? rowsOf(output, view.rows) : output
    expect(rows).not.toBeNull()
    const shown = {
      table: () => (view.kind === 'table' ? view.columns.map(({ field }) => field) : []),
      line: () =>
        view.kind === 'line'
          ? [...view.template.matchAll(/\{([^}]+)\}/g)].map((m) => m[1] ?? '')
          : [],
      findings: () => ['status', 'name', 'summary', 'detail', 'recovery'],
      raw: () => (view.kind === 'raw' ? [view.field] : []),
    }[view.kind as 'table' | 'line' | 'findings' | 'raw']
    for (const field of shown?.() ?? []) expect(hasField(rows ?? {}, field), field).toBe(true)
    if (view.kind === 'line' && view.message) expect(hasField(output, view.message)).toBe(true)
    if (meta.verdict) expect(hasField(output, 'error')).toBe(true)
  })
})

describe('the manifest', () => {
  it('is the same whenever it is made, and is plain JSON', () => {
    const manifest = describeRouter(appRouter)
    expect(describeRouter(appRouter)).toEqual(manifest)
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest)
    expect(manifest.hash).toMatch(/^[0-9a-f]{16}$/)
  })

  it('has the procedures of the router, in its order, with what they were authored from', () => {
    expect(ops.map(({ path, kind, meta }) => ({ path, kind, meta }))).toEqual(
      walked.map(({ path, kind, meta }) => ({ path, kind, meta })),
    )
  })
})
