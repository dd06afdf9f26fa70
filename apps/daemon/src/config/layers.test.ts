import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Layer,
  layersToSettings,
  type Origin,
  sectionToEntries,
  valuesToEntries,
} from './layers.ts'

const from = { root: '/repo', homedir: '/home/me' }
const origin = (section: string): Origin => ({ origin: 'repo', section, source: null })
const layer = (section: string, values: object): Layer => ({
  origin: origin(section),
  entries: valuesToEntries(values),
})

describe('a table', () => {
  it('gives absolute paths, meant from the project', () => {
    const entries = sectionToEntries({ cwd: 'docs', add_dir: ['../x', '~/y', '/z'] }, from)
    expect(entries.get('cwd')).toEqual({ value: '/repo/docs' })
    expect(entries.get('addDir')).toEqual({ value: ['/x', '/home/me/y', '/z'] })
  })

  it('prefers its own keys over its instructions, and a text over a file', () => {
    const instructions = { base_instructions: 'inner', developer_file: 'inner.md' }
    const read = (section: object) => sectionToEntries({ ...section, instructions }, from)
    expect(read({}).get('baseInstructions')).toEqual({ value: 'inner' })
    expect(read({ base_file: 'b.md' }).get('baseInstructions')).toEqual({
      readFrom: '/repo/b.md',
    })
    expect(read({ base_file: 'b.md', base_instructions: 'own' }).get('baseInstructions')).toEqual({
      value: 'own',
    })
    expect(read({}).get('developerInstructions')).toEqual({ readFrom: '/repo/inner.md' })
  })
})

describe('layers', () => {
  const values = fc.record(
    {
      effort: fc.constantFrom('low', 'high', 'max'),
      model: fc.string({ minLength: 1 }),
      network: fc.boolean(),
      env: fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.string(), { noNullPrototype: true }),
    },
    { requiredKeys: [] },
  )

  it('come to the last value of each, with its origin', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 5 }), (all) => {
        const settings = layersToSettings(all.map((one, at) => layer(`presets.${at}`, one)))
        for (const field of ['effort', 'model', 'network'] as const) {
          const at = all.findLastIndex((one) => one[field] !== undefined)
          const expected =
            at < 0
              ? undefined
              : { entry: { value: all[at]?.[field] }, origin: origin(`presets.${at}`) }
          expect(settings.get(field)).toEqual(expected)
        }
      }),
    )
  })

  it('add up to one environment, each variable of its own origin', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 5 }), (all) => {
        const settings = layersToSettings(all.map((one, at) => layer(`presets.${at}`, one)))
        const expected = Object.assign({}, ...all.map(({ env }) => env ?? {})) as object
        const found = [...settings].flatMap(([key, { entry }]) =>
          key.startsWith('env.') && 'value' in entry ? [[key.slice(4), entry.value]] : [],
        )
        expect(Object.fromEntries(found)).toEqual(expected)
        expect(settings.has('env')).toBe(false)
      }),
    )
  })

  it('are the same when a layer without values is put between', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 4 }), fc.nat(4), (all, at) => {
        const layers = all.map((one, index) => layer(`presets.${index}`, one))
        const padded = layers.toSpliced(at, 0, layer('presets.empty', {}))
        expect([...layersToSettings(padded)]).toEqual([...layersToSettings(layers)])
      }),
    )
  })
})
