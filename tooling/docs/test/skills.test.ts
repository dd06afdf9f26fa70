// What the skills for agents show is so: their commands are played with those of the other documents, and
// here the calls of tools, the tools and ops that they name, and the heads that Codex reads.
import { Ajv } from 'ajv'
import { appRouter, describeRouter } from '@dispatch/contract'
import { errorCodes } from '@dispatch/contract/errors'
import { manifestToTools } from '@dispatch/mcp/derived'
import { describe, expect, test } from 'vitest'
import { codeBlocks, readDocuments } from '../src/documents.ts'
import { shellBlocksOf } from '../src/shell-blocks.ts'

const skills = readDocuments().filter(({ path }) => path.endsWith('/SKILL.md'))
const manifest = describeRouter(appRouter)
const entries = manifestToTools(manifest, 'grouped')
// Those of agents in lanes are called as if each op had one.
const toolNames = [...entries, ...manifestToTools(manifest, 'each')].map(({ tool }) => tool.name)
const ajv = new Ajv({ strict: false, formats: { uuid: true } })

/** A call of a tool, as a line of a skill shows it. */
type Shown = { tool: string; args: Record<string, unknown> }

const callsOf = (text: string): Shown[] =>
  codeBlocks(text)
    .filter(({ language }) => language === 'text')
    .flatMap(({ lines }) => lines)
    .filter((line) => line !== '')
    .map((line) => {
      const [, tool = '', args = ''] = /^(\w+) (\{.*\})$/.exec(line) ?? []
      return { tool, args: JSON.parse(args) as Record<string, unknown> }
    })

/** Why a call is none; null where it is one. */
const faultOf = ({ tool, args }: Shown): string | null => {
  const entry = entries.find((one) => one.tool.name === tool)
  if (!entry) return `no tool ${tool}`
  if (!ajv.validate(entry.tool.inputSchema, args)) return ajv.errorsText()
  const { op } = entry.ops.find(({ name }) => name === args['op']) ?? {}
  const missing = ((op?.input.required ?? []) as string[]).find((field) => !(field in args))
  const foreign = Object.keys(args).find(
    (field) => field !== 'op' && !Object.hasOwn(op?.input.properties ?? {}, field),
  )
  return missing ?? foreign ?? null
}

test('there are two', () => {
  expect(skills.map(({ path }) => path)).toEqual([
    'plugins/dispatch/skills/dispatch/SKILL.md',
    'plugins/dispatch/skills/dm/SKILL.md',
  ])
})

test('what is no call is found', () => {
  expect(faultOf({ tool: 'dispatch_lane_read', args: {} })).toBe('no tool dispatch_lane_read')
  expect(faultOf({ tool: 'dispatch_thread_read', args: { op: 'roster' } })).toContain('op')
  expect(faultOf({ tool: 'dispatch_thread_read', args: { op: 'last' } })).toBe('lane')
  expect(faultOf({ tool: 'dispatch_thread_read', args: { op: 'list', lane: 'a' } })).toBe('lane')
})

describe.each(skills.map((skill) => [skill.path.split('/').at(-2), skill] as const))(
  'the skill %s',
  (name, skill) => {
    test('has a head with its name and when it is to be used', () => {
      const [, head = ''] = /^---\n(.*?)\n---\n/s.exec(skill.text) ?? []
      expect(head).toMatch(new RegExp(`^name: ${name}$`, 'm'))
      const [, description = ''] = /^description: (.+)$/m.exec(head) ?? []
      expect(description).toMatch(/\bUse (?:when|for)\b/)
      // What Codex takes.
      expect(description.length).toBeLessThan(1_024)
    })

    test('shows commands, and calls that the tools take', () => {
      expect(shellBlocksOf(skill).length).toBeGreaterThan(0)
      const calls = callsOf(skill.text)
      expect(calls.length).toBeGreaterThan(3)
      for (const call of calls) expect(`${call.tool}: ${faultOf(call)}`).toBe(`${call.tool}: null`)
    })

    test('names tools and codes that there are', () => {
      const tools = skill.text.match(/\bdispatch_[a-z_]+\b/g) ?? []
      expect(toolNames).toEqual(expect.arrayContaining(tools))
      const cells = [...skill.text.matchAll(/^\| (`[a-z_`, ]+) +\| [\d]+/gm)]
      const codes = cells.flatMap(([, cell = '']) => cell.match(/[a-z_]+/g) ?? [])
      expect(Object.keys(errorCodes)).toEqual(expect.arrayContaining(codes))
    })
  },
)
