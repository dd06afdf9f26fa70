import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EffectiveSettings, LaneSettings } from '@dispatch/contract'
import { type Access, laneToAccess, rankOf } from './access.ts'
import { laneToFork, refuseWidening, type Widened } from './widening.ts'

const effective: EffectiveSettings = {
  model: null,
  modelProvider: 'openai',
  effort: null,
  sandbox: 'read-only',
  approvalPolicy: 'on-request',
  serviceTier: null,
  approvalsReviewer: 'user',
}
const policy = { requests: 'attention' } as const
const real = (path: string): string => path

const laneOf = (settings: LaneSettings = {}, cwd = '/work'): Widened => ({
  handle: '@a',
  ref: '0aaaaa',
  cwd,
  settings,
  effective: {
    ...effective,
    sandbox: settings.sandbox ?? effective.sandbox,
    approvalPolicy: settings.approvalPolicy ?? effective.approvalPolicy,
  },
})

const accessOf = (settings: LaneSettings): Access => laneToAccess(laneOf(settings), [], policy)

const widening = (of: LaneSettings) => ({ parent: accessOf(of), real, policy })

const give = (lane: Widened, given: LaneSettings, caller: LaneSettings) => () =>
  refuseWidening(lane, { given, unset: [] }, widening(caller))

const refusalOf = (field: string) =>
  expect.objectContaining({
    code: 'authority',
    details: expect.objectContaining({ bound: 'parent', field }),
  })

describe('a lane', () => {
  it.each<[string, LaneSettings]>([
    ['sandbox', { sandbox: 'workspace-write' }],
    ['approvalPolicy', { approvalPolicy: 'never' }],
    ['requests', { requests: 'permissive' }],
    ['env', { env: { A: '1' } }],
    ['modelProvider', { modelProvider: 'other' }],
    ['approvalsReviewer', { approvalsReviewer: 'auto_review' }],
  ])('is given no more of %s than the caller has', (field, given) => {
    expect(give(laneOf(), given, {})).toThrow(refusalOf(field))
  })

  it('is given what the caller has, and less', () => {
    const caller: LaneSettings = { sandbox: 'workspace-write', approvalPolicy: 'never' }
    expect(give(laneOf(), caller, caller)).not.toThrow()
    expect(give(laneOf(caller), { sandbox: 'read-only' }, {})).not.toThrow()
    expect(give(laneOf(caller, '/other'), { approvalPolicy: 'untrusted' }, {})).not.toThrow()
    expect(give(laneOf(caller, '/other'), { model: 'm', effort: 'high' }, {})).not.toThrow()
  })

  it('that has more in one thing is not given the rest', () => {
    const caller: LaneSettings = { sandbox: 'workspace-write' }
    const given: LaneSettings = { sandbox: 'workspace-write' }
    expect(give(laneOf({ approvalPolicy: 'never' }), given, caller)).toThrow(
      refusalOf('approvalPolicy'),
    )
    expect(give(laneOf({}, '/other'), given, caller)).toThrow(refusalOf('cwd'))
    expect(give(laneOf({ network: true }), given, caller)).toThrow(refusalOf('network'))
    expect(give(laneOf({ addDir: ['/other'] }), given, caller)).toThrow(refusalOf('addDir'))
  })

  it('is not made to ask where dispatch says yes to what it asks', () => {
    const own: LaneSettings = { approvalPolicy: 'never', requests: 'permissive' }
    expect(give(laneOf(own), { approvalPolicy: 'on-request' }, own)).toThrow(refusalOf('requests'))
    const other: LaneSettings = { approvalPolicy: 'never' }
    expect(give(laneOf(other), { approvalPolicy: 'on-request' }, other)).not.toThrow()
  })

  it('is not left to the configuration, which may give it more', () => {
    const lane = laneOf({ sandbox: 'read-only' })
    const change = { given: {}, unset: ['sandbox', 'model'] } as const
    expect(() => refuseWidening(lane, change, widening({}))).toThrow(refusalOf('sandbox'))
    const none = { given: {}, unset: ['model', 'env'] } as const
    expect(() => refuseWidening(lane, none, widening({}))).not.toThrow()
  })

  it('keeps its variables to itself', () => {
    const lane = laneOf({ env: { TOKEN: 'secret' } })
    const refusal = (() => {
      try {
        laneToFork(lane, widening({}))
      } catch (error) {
        return error
      }
      return null
    })() as { message: string; details: object }
    expect(refusal.message).toContain('TOKEN')
    expect(JSON.stringify([refusal.message, refusal.details])).not.toContain('secret')
  })
})

describe('a fork', () => {
  it('of the caller itself is as the caller, whatever it has', () => {
    const own: LaneSettings = {
      sandbox: 'read-only',
      network: true,
      addDir: ['/other'],
      env: { A: '1' },
      requests: 'deny',
    }
    expect(laneToFork(laneOf(own), widening(own)).settings).toMatchObject({
      sandbox: 'read-only',
      approvalPolicy: 'on-request',
      env: { A: '1' },
      requests: 'deny',
    })
  })

  it('of a lane of which nothing is known is refused', () => {
    expect(() => laneToFork({ ...laneOf(), effective: null }, widening({}))).toThrow(
      refusalOf('approvalPolicy'),
    )
  })

  it('never has more than the caller', () => {
    const settings = fc.record(
      {
        sandbox: fc.constantFrom('read-only', 'workspace-write', 'danger-full-access'),
        approvalPolicy: fc.constantFrom('untrusted', 'on-request', 'never'),
        requests: fc.constantFrom('deny', 'attention', 'permissive'),
        network: fc.boolean(),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<LaneSettings>
    const made = (of: LaneSettings, caller: LaneSettings): LaneSettings | null => {
      try {
        return laneToFork(laneOf(of), widening(caller)).settings
      } catch {
        return null
      }
    }
    fc.assert(
      fc.property(settings, settings, (of, caller) => {
        const fork = made(of, caller)
        const most = accessOf(caller)
        if (fork === null) return true
        const names = ['sandbox', 'approvalPolicy', 'requests'] as const
        return names.every(
          (name) => rankOf(name, fork[name] ?? most[name]) <= rankOf(name, most[name]),
        )
      }),
    )
  })
})
