// The SDK's own client calls every op, in both modes, and holds each answer to the schema of its tool.
import { Ajv } from 'ajv'
import { sampleOf } from '@dispatch/contract/testing'
import { expect, test } from 'vitest'
import {
  groupedField,
  manifestToTools,
  takesConfirm,
  type ToolMode,
  toolOpsOf,
} from '@dispatch/tools'
import { connectHost, manifest } from './host.ts'

const opAt = (path: string) => manifest.ops.find((op) => op.path === path)

test.each(['grouped', 'each'] as const)('every op is called, %s', async (mode: ToolMode) => {
  const answer = (path: string) => sampleOf(opAt(path)?.output ?? {}, 'all')
  await using host = await connectHost({
    mode,
    answer: ({ path }) => answer(path),
    local: async (path) => answer(path),
  })
  const { tools } = await host.client.listTools()
  expect(tools).toEqual(manifestToTools(manifest, mode).map(({ tool }) => tool))
  const called: string[] = []
  for (const { tool, ops, isGrouped } of manifestToTools(manifest, mode)) {
    for (const one of ops) {
      const input = sampleOf(one.op.input, 'all') as Record<string, unknown>
      const named = Object.entries(input).map(([key, value]) => [
        isGrouped ? groupedField(one, key) : key,
        value,
      ])
      const confirm = takesConfirm(one.op) ? { confirm: true } : {}
      const args = {
        ...Object.fromEntries(named),
        ...confirm,
        ...(isGrouped ? { op: one.name } : {}),
      }
      expect(
        new Ajv({ strict: false, formats: { uuid: true } }).validate(tool.inputSchema, args),
      ).toBe(true)
      // Throws where the answer does not fit the schema.
      const result = await host.client.callTool({ name: tool.name, arguments: args })
      expect(result.structuredContent).toEqual(answer(one.op.path))
      if (one.op.meta.runs !== 'local') {
        expect(host.asked.at(-1)).toMatchObject({ path: one.op.path, kind: one.op.kind })
        const asked = host.asked.at(-1)?.input as object
        expect(Object.keys(asked)).toEqual(Object.keys(input))
      }
      called.push(one.op.path)
    }
  }
  expect(called.sort()).toEqual(
    toolOpsOf(manifest)
      .map(({ op }) => op.path)
      .sort(),
  )
})

test('the answer of a refused op fits the schema of its tool, too', async () => {
  await using host = await connectHost({
    mode: 'each',
    answer: () => {
      throw new Error('no')
    },
  })
  await host.client.listTools()
  for (const { tool, ops } of manifestToTools(manifest, 'each')) {
    if (ops[0]?.op.meta.runs === 'local') continue
    const result = await host.client.callTool({ name: tool.name, arguments: { confirm: true } })
    expect(result.isError).toBe(true)
    expect(result.structuredContent).toMatchObject({
      error: { code: expect.any(String) as string },
    })
  }
})
