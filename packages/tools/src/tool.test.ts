// The laws of the tools: what must hold for every one, whoever adds an op to the contract.
import { appRouter, describeRouter } from '@dispatch/contract'
import type { FieldMeta, JsonSchema } from '@dispatch/contract/manifest'
import { describe, expect, test } from 'vitest'
import { manifestToTools, type ToolEntry } from './tool.ts'

const manifest = describeRouter(appRouter)
const entries = {
  grouped: manifestToTools(manifest, 'grouped'),
  each: manifestToTools(manifest, 'each'),
}
const all = [...entries.grouped, ...entries.each].map((entry) => ({ name: entry.tool.name, entry }))

type Node = { path: string; keyword: string; schema: unknown }

const childrenOf = ({ path, schema }: Node): Node[] => {
  if (typeof schema !== 'object' || schema === null) return []
  const node = schema as Record<string, unknown>
  const properties = Object.entries(node['properties'] ?? {})
  return [
    ...properties.map(([name, child]) => ({
      path: `${path}.${name}`,
      keyword: 'properties',
      schema: child as unknown,
    })),
    ...((node['anyOf'] ?? []) as unknown[]).map((child, index) => ({
      path: `${path}|${index}`,
      keyword: 'anyOf',
      schema: child,
    })),
    ...['items', 'additionalProperties']
      .filter((keyword) => keyword in node)
      .map((keyword) => ({ path: `${path}/${keyword}`, keyword, schema: node[keyword] })),
  ]
}

const nodesOf = (node: Node): Node[] => [node, ...childrenOf(node).flatMap(nodesOf)]

const schemaNodes = ({ tool }: ToolEntry): Node[] => [
  ...nodesOf({ path: 'input', keyword: '', schema: tool.inputSchema }),
  ...nodesOf({ path: 'output', keyword: '', schema: tool.outputSchema }),
]

// What hosts and the models behind them take without a word: the standard's plain part.
const plainWords = new Set([
  ...['type', 'description', 'properties', 'required', 'additionalProperties', 'items', 'anyOf'],
  ...['enum', 'format', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'default'],
])

describe('every tool', () => {
  test.each(all)('$name takes and gives plain objects', ({ entry }) => {
    const { inputSchema, outputSchema } = entry.tool
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    expect(outputSchema).toMatchObject({ type: 'object' })
    for (const schema of [inputSchema, outputSchema]) {
      expect(Object.keys(schema).filter((word) => /Of$|^\$/.test(word))).toEqual([])
    }
    // Hosts hold a refusal to it, and a newer daemon may say more.
    expect(outputSchema['required']).toBeUndefined()
    expect(outputSchema['properties']).toHaveProperty('error')
  })

  test.each(all)('$name has schemas that every host takes', ({ entry }) => {
    for (const { path, keyword, schema } of schemaNodes(entry)) {
      if (typeof schema === 'boolean') {
        expect([keyword, path]).toEqual(['additionalProperties', path])
        continue
      }
      const node = schema as JsonSchema
      expect(
        Object.keys(node).filter((word) => !plainWords.has(word)),
        path,
      ).toEqual([])
      expect('anyOf' in node || typeof node['type'] === 'string', path).toBe(true)
    }
  })

  test.each(all)('$name describes each field, without flags of the command line', ({ entry }) => {
    for (const { path, keyword, schema } of schemaNodes(entry)) {
      const { description } = schema as JsonSchema
      if (keyword === 'properties' && path.startsWith('input.'))
        expect(description, path).toBeTruthy()
      if (entry.tool.name !== 'dispatch_schema' && entry.tool.name !== 'dispatch_daemon_read')
        expect(String(description), path).not.toMatch(/(^|\s)--[a-z]/)
    }
    expect(entry.tool.description).not.toMatch(/\s--[a-z]/)
    expect(entry.tool.title).toBe(entry.tool.annotations.title)
  })

  test.each(all)('$name says nothing of a command line', ({ entry }) => {
    // What the ops of the surface answer is a command line.
    if (/daemon_read|_schema$/.test(entry.tool.name)) return
    const said = schemaNodes(entry).filter(({ path }) => path.startsWith('input'))
    for (const text of [
      entry.tool.description,
      ...said.map(({ schema }) => (schema as JsonSchema).description),
    ]) {
      expect(String(text)).not.toMatch(/exit status|\bflags?\b|on a terminal|Ctrl-C/i)
    }
  })

  test.each(all)('$name only reads, or says that it does not', ({ entry }) => {
    const intents = new Set(entry.ops.map(({ op }) => op.meta.intent))
    expect(intents.size).toBe(1)
    const { readOnlyHint, destructiveHint } = entry.tool.annotations
    expect(readOnlyHint).toBe(intents.has('read'))
    expect(destructiveHint).toBe(intents.has('destroy'))
    const properties = entry.tool.inputSchema['properties'] as Record<string, unknown>
    expect('confirm' in properties).toBe(
      intents.has('destroy') || (intents.has('write') && 'force' in properties),
    )
  })
})

describe('the ops', () => {
  test('each is in one tool of each kind; streams, hidden ops and those of the surface are in none', () => {
    const expected = manifest.ops
      .filter(({ kind, meta }) => kind !== 'subscription' && !meta.hidden)
      .filter(({ meta }) => meta.mcp?.tool ?? meta.runs !== 'local')
      .map(({ path }) => path)
    for (const list of Object.values(entries)) {
      const paths = list.flatMap(({ ops }) => ops.map(({ op }) => op.path))
      expect(paths.sort()).toEqual(expected.toSorted())
    }
    for (const { ops } of entries.grouped) expect(ops.length).toBeGreaterThan(0)
  })

  test('a group takes every field of its ops, under a name that no other thing has', () => {
    for (const { tool, ops } of entries.grouped) {
      const taken = Object.keys(tool.inputSchema['properties'] as object)
      for (const { name, op } of ops) {
        for (const key of Object.keys(op.input['properties'] as Record<string, FieldMeta>)) {
          expect(taken).toContain(key === 'op' ? `${name}Op` : key)
        }
      }
    }
  })

  test('they stand in the groups that people know', () => {
    const names = Object.fromEntries(
      entries.grouped.map(({ tool, ops }) => [tool.name, ops.map(({ name }) => name)]),
    )
    expect(names).toMatchObject({
      dispatch_thread_read: expect.arrayContaining([
        ...['list', 'get', 'tail', 'last', 'watch', 'wait', 'search', 'goal_status'],
        ...['request_list', 'request_get', 'queue_list', 'queue_get', 'delivery_get'],
      ]) as string[],
      dispatch_thread_write: expect.arrayContaining([
        ...['new', 'run', 'attach', 'adopt', 'release', 'sync', 'rename', 'set', 'send', 'stop'],
        ...['restore', 'goal_set', 'fork', 'compact', 'queue_edit', 'delivery_retry'],
      ]) as string[],
      dispatch_thread_destroy: expect.arrayContaining([
        ...['archive', 'goal_clear', 'rollback', 'detach', 'queue_cancel', 'delivery_discard'],
      ]) as string[],
      dispatch_request_write: ['approve', 'deny', 'respond'],
      dispatch_daemon_read: ['models', 'schema', 'config_show', 'status', 'log'],
    })
    // The daemon's start and end, the registry and trust are for people.
    expect(Object.keys(names).sort()).toEqual([
      'dispatch_daemon_read',
      'dispatch_request_write',
      'dispatch_thread_destroy',
      'dispatch_thread_read',
      'dispatch_thread_write',
      'dispatch_trigger_destroy',
      'dispatch_trigger_read',
      'dispatch_trigger_write',
    ])
    const ofPeople = new Set(['up', 'down', 'restart', 'open', 'demo', 'mcp', 'trust', 'shutdown'])
    expect(
      Object.values(names)
        .flat()
        .filter((name) => ofPeople.has(name)),
    ).toEqual([])
  })

  test('what hosts are told at their start is small where it is grouped', () => {
    const size = (list: ToolEntry[]) => JSON.stringify(list.map(({ tool }) => tool)).length
    expect(size(entries.grouped)).toBeLessThan(100_000)
    expect(size(entries.grouped)).toBeLessThan(size(entries.each) / 3)
  })
})
