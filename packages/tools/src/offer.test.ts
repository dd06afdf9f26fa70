// What every tool of an agent is, whoever offers another op.
import { appRouter, describeRouter } from '@dispatch/contract'
import { expect, it } from 'vitest'
import { opsToOffer } from './offer.ts'

const { ops } = describeRouter(appRouter)
const offer = opsToOffer(ops)
const specs = offer.specsOf(ops.map(({ path }) => path))

it.each(specs)(
  '$name has the fields that its op offers, and no others',
  ({ name, inputSchema }) => {
    const tool = offer.byName(name)
    const own = tool?.op.meta.intent === 'destroy' ? ['confirm'] : []
    const fields = [...(tool?.meta.fields ?? []), ...own]
    expect(Object.keys(inputSchema['properties'] as object).toSorted()).toEqual(fields.toSorted())
  },
)

it('the usual ones cost a model no more than 7,500 characters', () => {
  expect(JSON.stringify(offer.specsOf(offer.usual)).length).toBeLessThan(7_500)
})

it('which lane to stop is never left open', () => {
  const [stop] = offer.specsOf(['stop'])
  expect(stop?.inputSchema['required']).toEqual(['lane'])
})

it('there is no tool for another op', () => {
  expect(offer.byName('dispatch_adopt')).toBeNull()
  expect(offer.specsOf(['adopt'])).toEqual([])
})
