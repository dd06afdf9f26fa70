// An op that somebody adds to the contract is a command with its help and completion, a tool of hosts and of
// agents in lanes, a schema and a part of the reference, with no other change.
import { manifestToTables, type Tables } from '@dispatch/cli'
import { appRouter, describeRouter } from '@dispatch/contract'
import type { OpMeta } from '@dispatch/contract/manifest'
import { manifestToTools } from '@dispatch/mcp/derived'
import { opsToOffer } from '@dispatch/tools'
import { initTRPC } from '@trpc/server'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { cliPage } from '../src/cli-page.ts'
import { mcpPage } from '../src/mcp-page.ts'

const t = initTRPC.meta<OpMeta>().create()

const added = t.router({
  wall: t.router({
    paint: t.procedure
      .meta({
        description: 'Paint the wall of a lane.',
        intent: 'write',
        cliMeta: {
          examples: ['dispatch wall paint @docs --colour red'],
          view: { kind: 'line', template: '{lane} is {colour}' },
        },
        laneTool: { bound: 'own', fields: ['lane', 'colour'] },
      })
      .input(
        z.strictObject({
          lane: z.string().meta({ positional: true, selector: true }).describe('Whose wall'),
          colour: z.enum(['red', 'blue']).describe('Which colour it gets'),
          coats: z.int().min(1).max(9).optional().describe('How often; once when absent'),
        }),
      )
      .output(
        z.strictObject({
          lane: z.string().describe('Whose wall it is'),
          colour: z.string().describe('Which colour it has'),
        }),
      )
      .mutation(({ input: { lane, colour } }) => ({ lane, colour })),
  }),
})

const manifest = describeRouter(t.mergeRouters(appRouter as never, added))
const tables = manifestToTables(manifest, '1.2.3')

// The CLI's own run on an Io in memory, reached in its package: neither is a part of what it offers.
type Io = { readonly out: string; readonly err: string }
type Reach = { asked: { op: string; input: unknown }[] }
type FakeIoModule = { makeFakeIo: (options: { argv: readonly string[]; terminal?: boolean }) => Io }
type FakeReachModule = {
  makeFakeReach: (answer: () => unknown, local?: object) => Reach
}
type RunModule = { run: (io: Io, tables: Tables, reach: Reach) => Promise<number> }
type SchemaModule = { readSchema: (input: { command: string[] }, tables: Tables) => unknown }

const cli = async <Module>(path: string): Promise<Module> =>
  (await import(new URL(path, import.meta.resolve('@dispatch/cli')).href)) as Module

const { makeFakeIo } = await cli<FakeIoModule>('./testing/fake-io.ts')
const { makeFakeReach } = await cli<FakeReachModule>('./testing/fake-reach.ts')
const { run } = await cli<RunModule>('./run.ts')
const { readSchema } = await cli<SchemaModule>('./local/schema.ts')

const typed = async (argv: readonly string[], terminal = false) => {
  const io = makeFakeIo({ argv, terminal })
  const reach = makeFakeReach(() => ({ lane: '@docs', colour: 'red' }), {
    schema: (input: { command: string[] }) => readSchema(input, tables),
  })
  const status = await run(io, tables, reach)
  return { status, out: io.out, err: io.err, asked: reach.asked }
}

describe('an op that was added', () => {
  test('is a command', async () => {
    const argv = ['wall', 'paint', '@docs', '--colour', 'red', '--coats', '2']
    expect(await typed(argv)).toEqual({
      status: 0,
      out: '{"lane":"@docs","colour":"red"}\n',
      err: '',
      asked: [{ op: 'wall.paint', input: { lane: '@docs', colour: 'red', coats: 2 } }],
    })
    expect((await typed(argv, true)).out).toBe('@docs is red\n')
    expect(await typed(['wall', 'paint', '@docs', '--colour', 'green'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('--colour') as string,
      asked: [],
    })
  })

  test('stands in the help of the root, of its group and of itself', async () => {
    expect((await typed(['--help'])).out).toMatch(/^ +wall /m)
    expect((await typed(['wall', '--help'])).out).toContain('Paint the wall of a lane.')
    const { out } = await typed(['wall', 'paint', '--help'])
    expect(out).toContain('--colour')
    expect(out).toContain('dispatch wall paint @docs --colour red')
  })

  test('is completed', async () => {
    const complete = async (...words: string[]) => (await typed(['complete', '--', ...words])).out
    expect(await complete('wal')).toContain('wall\t')
    expect(await complete('wall', '')).toBe('paint\tPaint the wall of a lane.\n')
    expect(await complete('wall', 'paint', '--col')).toContain('--colour\tWhich colour it gets\n')
    expect(await complete('wall', 'paint', '@docs', '--colour', '')).toBe('red\t\nblue\t\n')
  })

  test('is a tool, by itself and in a group', () => {
    const named = (mode: 'grouped' | 'each', name: string) =>
      manifestToTools(manifest, mode).find(({ tool }) => tool.name === name)?.tool
    expect(named('each', 'dispatch_wall_paint')).toMatchObject({
      description: 'Paint the wall of a lane.',
      inputSchema: { required: ['lane', 'colour'] },
      annotations: { readOnlyHint: false },
    })
    expect(named('grouped', 'dispatch_wall_write')?.inputSchema).toMatchObject({
      properties: { op: { enum: ['paint'] }, colour: { enum: ['red', 'blue'] } },
    })
  })

  test('is a tool of agents in lanes, where its meta says so', () => {
    expect(opsToOffer(manifest.ops).specsOf(['wall.paint'])).toEqual([
      {
        type: 'function',
        name: 'dispatch_wall_paint',
        description: 'Paint the wall of a lane.',
        inputSchema: {
          type: 'object',
          required: ['lane', 'colour'],
          properties: {
            lane: { type: 'string', description: 'Whose wall' },
            colour: { type: 'string', enum: ['red', 'blue'], description: 'Which colour it gets' },
          },
          additionalProperties: false,
        },
      },
    ])
  })

  test('has a schema, as a command and as a tool', async () => {
    const command = await typed(['schema', 'wall paint'])
    expect(JSON.parse(command.out)).toMatchObject({
      command: 'wall paint',
      op: 'wall.paint',
      input: { required: ['lane', 'colour'] },
      output: { properties: { colour: { description: 'Which colour it has' } } },
    })
    const tool = await typed(['schema', 'dispatch_wall_write'])
    expect(JSON.parse(tool.out)).toMatchObject({ tools: [{ name: 'dispatch_wall_write' }] })
  })

  test('stands in the reference', () => {
    expect(cliPage(manifest)).toContain('## dispatch wall paint\n')
    const page = mcpPage(manifest)
    expect(page).toContain('## dispatch_wall_write\n')
    expect(page).toContain('`dispatch_wall_paint`')
  })
})
