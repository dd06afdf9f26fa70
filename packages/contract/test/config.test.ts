// The configuration file: what people write in it, and that it is the flags of `new`.
import { describe, expect, it } from 'vitest'
import { ConfigFile, configKeys, RepoConfigFile } from '../src/config/file.ts'
import { configFileSchema } from '../src/config/json-schema.ts'
import { describeRouter } from '../src/describe.ts'
import type { FieldMeta, JsonSchema } from '../src/manifest.ts'
import { appRouter } from '../src/router.ts'
import { fieldsOf } from './command-names.ts'
import { nodesOf } from './schema-nodes.ts'

/** Flags that are of one call, not of a lane. */
const ofTheCall = new Set([
  'name',
  'presets',
  'send',
  'dryRun',
  'wait',
  'timeoutSeconds',
  'idempotencyKey',
])

const propertiesOf = (schema: JsonSchema): Record<string, JsonSchema & FieldMeta> =>
  (schema['properties'] ?? {}) as Record<string, JsonSchema & FieldMeta>

describe('a configuration file', () => {
  it('has a key for every flag of new that is of the lane, spelled as the flag', () => {
    const op = describeRouter(appRouter).ops.find(({ path }) => path === 'new')
    const fields = op ? fieldsOf(op).filter(({ key }) => !ofTheCall.has(key)) : []
    expect(fields.map(({ key }) => key).sort()).toEqual(configKeys.map(({ field }) => field).sort())
    const keys = configKeys.flatMap(({ key, fileKey }) => [key, ...(fileKey ? [fileKey] : [])])
    const flags = fields
      .flatMap((field) => field.flags)
      .filter((flag) => flag.startsWith('--') && !flag.startsWith('--no-'))
    expect(keys.sort()).toEqual(flags.map((flag) => flag.slice(2).replaceAll('-', '_')).sort())
    const defaults = propertiesOf(configFileSchema())['defaults'] ?? {}
    expect(Object.keys(propertiesOf(defaults)).sort()).toEqual([...keys, 'instructions'].sort())
  })

  it('is what people write', () => {
    const file = {
      defaults: {
        sandbox: 'read-only',
        approval_policy: 'never',
        prefix: '[${DISPATCH.CWD.REPO}]',
        instructions: { developer_file: '.dispatch/instructions/default.md' },
      },
      presets: {
        reviewer: { effort: 'high', developer_file: '.dispatch/instructions/reviewer.md' },
        builder: { sandbox: 'workspace-write', approval_policy: 'on-request' },
        fast: { service_tier: 'fast', effort: 'low' },
      },
    }
    expect(RepoConfigFile.parse(file)).toEqual(file)
    expect(ConfigFile.parse({ ...file, watchdog: { silence_seconds: 5 } })).toMatchObject({
      watchdog: { silence_seconds: 5, interrupt: false },
    })
    expect(RepoConfigFile.safeParse({ watchdog: {} }).success).toBe(false)
  })

  it('describes every key, and says nothing of the command line', () => {
    const nodes = nodesOf('config', configFileSchema())
    const silent = nodes.filter(({ property, schema }) => property && !schema['description'])
    expect(silent.map(({ path }) => path)).toEqual([])
    const words = ['flag', 'fileFlag', 'alias', 'negatable', 'json', 'path', 'pairs']
    expect(nodes.filter(({ schema }) => words.some((word) => word in schema))).toEqual([])
  })
})
