import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LaneSettings } from '@dispatch/contract'
import { type Access, laneToAccess, rankOf } from './access.ts'
import { plannedToChild } from './child-access.ts'

const parent: Access = {
  cwd: '/work',
  sandbox: 'workspace-write',
  approvalPolicy: 'on-request',
  approvalsReviewer: 'user',
  requests: 'attention',
  network: undefined,
  addDir: undefined,
  env: {},
  modelProvider: 'openai',
  own: {},
}
const real = (path: string): string => path

const child = (settings: LaneSettings, more: { of?: Partial<Access>; cwd?: string } = {}) =>
  plannedToChild(
    { cwd: more.cwd ?? '/work', settings },
    { parent: { ...parent, ...more.of }, asked: new Set(), real },
  )

describe('how much a lane may do', () => {
  const effective = {
    model: null,
    modelProvider: null,
    effort: null,
    sandbox: 'danger-full-access',
    approvalPolicy: 'never',
    serviceTier: null,
    approvalsReviewer: null,
  }
  const lane = { cwd: '/work', settings: {}, effective }
  const policy = { requests: 'attention' } as const

  it('is what Codex reported, and the least where it reported nothing that is known', () => {
    expect(laneToAccess(lane, [], policy)).toMatchObject({
      sandbox: 'danger-full-access',
      approvalPolicy: 'never',
    })
    const odd = { ...effective, sandbox: 'external', approvalPolicy: 'granular' }
    for (const one of [null, odd]) {
      expect(laneToAccess({ ...lane, effective: one }, [], policy)).toMatchObject({
        sandbox: 'read-only',
        approvalPolicy: 'untrusted',
      })
    }
  })

  it('is less for a turn that was sent with less, and never more', () => {
    const narrow = laneToAccess(
      lane,
      [{ sandbox: 'read-only' }, { sandbox: 'workspace-write' }],
      policy,
    )
    expect(narrow.sandbox).toBe('read-only')
    const reported = { ...effective, sandbox: 'read-only' }
    const wide = laneToAccess(
      { ...lane, effective: reported },
      [{ sandbox: 'danger-full-access' }],
      policy,
    )
    expect(wide.sandbox).toBe('read-only')
  })
})

describe('a lane of an agent', () => {
  it('is as its maker, never as the configuration of Codex', () => {
    const own = { network: false, addDir: ['/data'] }
    expect(child({}, { of: own })).toEqual({
      cwd: '/work',
      notes: [],
      settings: {
        sandbox: 'workspace-write',
        approvalPolicy: 'on-request',
        approvalsReviewer: 'user',
        env: {},
        ...own,
      },
    })
  })

  it('refuses what the agent asks for, and lowers what the configuration says', () => {
    const asked = { cwd: '/work', settings: { network: true } }
    expect(() => plannedToChild(asked, { parent, asked: new Set(['network']), real })).toThrow(
      expect.objectContaining({
        code: 'authority',
        details: expect.objectContaining({ field: 'network' }),
      }),
    )
    expect(child({ network: true })).toMatchObject({
      settings: { network: false },
      notes: ['network true of the configuration is more than the lane may have.'],
    })
  })

  it('may be in another directory only where nobody can change what that is', () => {
    expect(child({}, { cwd: '/work/sub' })).toMatchObject({ cwd: '/work' })
    const readOnly: Partial<Access> = { sandbox: 'read-only' }
    expect(child({}, { cwd: '/work/sub', of: readOnly })).toMatchObject({ cwd: '/work/sub' })
    expect(child({}, { cwd: '/workshop', of: readOnly })).toMatchObject({ cwd: '/work' })
    const free: Partial<Access> = { sandbox: 'danger-full-access' }
    expect(child({}, { cwd: '/etc', of: free })).toMatchObject({ cwd: '/etc' })
    const linked = plannedToChild(
      { cwd: '/work/link', settings: {} },
      {
        parent: { ...parent, ...readOnly },
        asked: new Set(),
        real: (path) => path.replace('/work/link', '/etc'),
      },
    )
    expect(linked.cwd).toBe('/work')
  })

  it.each(['read-only', 'workspace-write'] as const)(
    'is given no path through a link, which its maker could change (%s)',
    (sandbox) => {
      const links = new Map([
        ['/work/link', '/work'],
        ['/work/sub/link', '/work/sub'],
        ['/work/data', '/data'],
      ])
      const judging = {
        parent: { ...parent, sandbox, addDir: ['/data'] },
        asked: new Set<string>(),
        real: (path: string) => links.get(path) ?? path,
      }
      const at = (cwd: string, addDir: string[]) =>
        plannedToChild({ cwd, settings: { addDir } }, judging)
      const isWriting = sandbox === 'workspace-write'
      expect(at('/work/link', ['/work/link', '/work/data'])).toMatchObject({
        cwd: '/work',
        settings: { addDir: isWriting ? ['/work', '/data'] : [] },
      })
      expect(at('/work/sub/link', []).cwd).toBe(isWriting ? '/work' : '/work/sub')
    },
  )

  it('keeps the directories and variables that its maker has', () => {
    const of = { addDir: ['/data'], env: { A: '1', B: '2' } }
    const settings = { addDir: ['/data', '/work', '/etc'], env: { A: '1', B: 'other', C: '3' } }
    const { settings: got, notes } = child(settings, { of })
    expect(got).toMatchObject({ addDir: ['/data', '/work'], env: { A: '1' } })
    expect(notes.join()).not.toContain('other')
  })

  it('gets nothing by asking where nobody is asked', () => {
    const of = { approvalPolicy: 'never', requests: 'permissive' } as const
    expect(child({ approvalPolicy: 'on-request' }, { of }).settings.requests).toBe('attention')
    expect(child({ approvalPolicy: 'never' }, { of }).settings.requests).toBeUndefined()
    expect(child({ requests: 'permissive' }).settings.requests).toBe('attention')
  })

  it('is never more than its maker, whatever anybody says', () => {
    const choice = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
    const settings = fc.record(
      {
        sandbox: choice('read-only', 'workspace-write', 'danger-full-access'),
        approvalPolicy: choice('untrusted', 'on-request', 'never'),
        requests: choice('deny', 'attention', 'permissive'),
        network: choice(true, false),
        addDir: choice<string[]>([], ['/work'], ['/data'], ['/', '/data']),
        modelProvider: choice('openai', 'other'),
        approvalsReviewer: choice('user', 'auto_review'),
      },
      { requiredKeys: [] },
    )
    const makers = fc.record({
      sandbox: fc.constantFrom('read-only', 'workspace-write', 'danger-full-access'),
      approvalPolicy: fc.constantFrom('untrusted', 'on-request', 'never'),
      requests: fc.constantFrom('deny', 'attention', 'permissive'),
      network: choice(true, false),
      addDir: choice<string[]>([], ['/data']),
    })
    fc.assert(
      fc.property(
        settings,
        makers,
        fc.constantFrom('/work', '/work/sub', '/'),
        (asked, of, cwd) => {
          const { settings: got, cwd: at } = child(asked as LaneSettings, {
            of,
            cwd,
          })
          expect(rankOf('sandbox', got.sandbox)).toBeLessThanOrEqual(rankOf('sandbox', of.sandbox))
          expect(rankOf('approvalPolicy', got.approvalPolicy)).toBeLessThanOrEqual(
            rankOf('approvalPolicy', of.approvalPolicy),
          )
          expect(rankOf('requests', got.requests ?? of.requests)).toBeLessThanOrEqual(
            rankOf('requests', of.requests),
          )
          const isFree = of.sandbox === 'danger-full-access'
          if (got.network === true) expect(isFree || of.network === true).toBe(true)
          if (!isFree) {
            expect(at.startsWith('/work')).toBe(true)
            expect(['/work', '/data']).toEqual(expect.arrayContaining(got.addDir ?? []))
          }
          expect(got.modelProvider ?? 'openai').toBe('openai')
          expect(got.approvalsReviewer).toBe('user')
        },
      ),
      { seed: 1, numRuns: 2_000 },
    )
  })
})
