import { expect, it } from 'vitest'
import { makePlace } from '../composed.ts'

it('lists newest first, or who needs a person first, and pages keep their order', async () => {
  await using place = await makePlace()
  await using running = place.start()
  await running.ops().new({ name: 'failed', text: 'fail: http 400', wait: true })
  await running.ops().new({ name: 'idle', send: false })
  await running.ops().new({ name: 'busy', text: 'gate: g' })
  const handles = async (input: { order?: 'attention'; cursor?: string; limit?: number }) => {
    const { lanes, nextCursor } = await running.ops().list(input)
    return { handles: lanes.map(({ handle }) => handle), nextCursor }
  }
  expect((await handles({})).handles).toEqual(['@busy', '@idle', '@failed'])
  const first = await handles({ order: 'attention', limit: 2 })
  expect(first.handles).toEqual(['@failed', '@busy'])
  const rest = await handles({ cursor: first.nextCursor ?? '' })
  expect(rest).toEqual({ handles: ['@idle'], nextCursor: null })
  place.model.open('g')
  await running.ops().wait({ lanes: ['@busy'] })
  expect((await handles({ order: 'attention' })).handles).toEqual(['@failed', '@busy', '@idle'])
})
