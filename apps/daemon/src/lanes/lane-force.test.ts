import { describe, expect, it } from 'vitest'
import { laneToSettings } from './lane-force.ts'

const effective = {
  model: 'own-model',
  modelProvider: 'own-provider',
  effort: null,
  sandbox: 'read-only',
  approvalPolicy: 'granular',
  serviceTier: null,
  approvalsReviewer: 'user',
}

describe('what a lane runs under', () => {
  it('is what was set, and nothing else', () => {
    expect(laneToSettings({ settings: { effort: 'low' }, effective }, [])).toEqual({
      effort: 'low',
    })
  })

  it('is what Codex decides by itself where it was told otherwise before', () => {
    const lane = { settings: { effort: 'low' }, effective }
    expect(
      laneToSettings(lane, ['model', 'sandbox', 'summary', 'serviceTier', 'outputSchema']),
    ).toEqual({
      effort: 'low',
      model: 'own-model',
      sandbox: 'read-only',
      summary: 'auto',
      serviceTier: 'default',
    })
  })

  it('never has what cannot be asked for', () => {
    expect(laneToSettings({ settings: {}, effective }, ['approvalPolicy'])).toEqual({})
  })

  it('gives the effort back to Codex together with a model', () => {
    expect(laneToSettings({ settings: {}, effective }, ['effort'])).toEqual({
      effort: null,
      model: 'own-model',
    })
    expect(laneToSettings({ settings: { model: 'm' }, effective }, ['effort'])).toEqual({
      effort: null,
      model: 'm',
    })
    expect(laneToSettings({ settings: {}, effective: null }, ['effort'])).toEqual({})
  })
})
