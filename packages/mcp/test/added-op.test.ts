// An op that somebody adds to the contract is in the tools of MCP, with no other change.
import { appRouter, describeRouter } from '@dispatch/contract'
import type { OpMeta } from '@dispatch/contract/manifest'
import { initTRPC } from '@trpc/server'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { connectHost } from './host.ts'

const t = initTRPC.meta<OpMeta>().create()

const meta = (intent: OpMeta['intent']): OpMeta => ({
  description: `Do something new that is a ${intent}.`,
  intent,
  cliMeta: { examples: ['dispatch new'], view: { kind: 'fields' } },
})

const input = z.strictObject({ colour: z.enum(['red', 'blue']).describe('Which colour') })
const output = z.strictObject({ painted: z.boolean().describe('Whether it was') })

const added = t.router({
  paint: t.procedure
    .meta(meta('write'))
    .input(input)
    .output(output)
    .mutation(() => ({ painted: true })),
  wall: t.router({
    repaint: t.procedure
      .meta(meta('read'))
      .input(input)
      .output(output)
      .query(() => ({ painted: true })),
    scrape: t.procedure
      .meta(meta('destroy'))
      .input(input)
      .output(output)
      .mutation(() => ({ painted: true })),
  }),
})

const copy = t.mergeRouters(appRouter as never, added)
const manifest = describeRouter(copy)

test('it joins the group of its path, or makes that', async () => {
  await using host = await connectHost({ manifest, answer: () => ({ painted: true }) })
  const { tools } = await host.client.listTools()
  const names = tools.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['dispatch_wall_read', 'dispatch_wall_destroy']))
  const write = tools.find(({ name }) => name === 'dispatch_thread_write')
  expect(write?.inputSchema.properties).toMatchObject({
    op: { enum: expect.arrayContaining(['paint']) as string[] },
    colour: { type: 'string', enum: ['red', 'blue'], description: '[paint] Which colour' },
  })
  const calls = [
    ['dispatch_thread_write', 'paint'],
    ['dispatch_wall_read', 'repaint'],
    ['dispatch_wall_destroy', 'scrape'],
  ] as const
  for (const [name, op] of calls) {
    const args = { op, colour: 'red', ...(op === 'scrape' ? { confirm: true } : {}) }
    const { structuredContent } = await host.client.callTool({ name, arguments: args })
    expect(structuredContent).toEqual({ painted: true })
  }
  expect(host.asked.map(({ path }) => path)).toEqual(['paint', 'wall.repaint', 'wall.scrape'])
})

test('it is a tool of its own', async () => {
  await using host = await connectHost({ manifest, mode: 'each' })
  const { tools } = await host.client.listTools()
  const own = tools.find(({ name }) => name === 'dispatch_wall_repaint')
  expect(own).toMatchObject({
    description: 'Do something new that is a read.',
    inputSchema: { required: ['colour'], additionalProperties: false },
    outputSchema: { properties: { painted: { type: 'boolean' } } },
    annotations: { readOnlyHint: true, destructiveHint: false },
  })
})
