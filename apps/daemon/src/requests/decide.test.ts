import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestAsk } from '../../test/bench.ts'
import { decideRequest, type Places, type RequestPolicy } from './decide.ts'
import { placesOf } from './places.ts'

type Rule = RequestPolicy['rules'][number]
type Ask = Parameters<typeof decideRequest>[1]

const places: Places = placesOf('/work', '/home/me')
const policy = (rules: Rule[], mode: RequestPolicy['mode'] = 'attention'): RequestPolicy => ({
  mode,
  timeoutSeconds: null,
  rules,
})
const decide = (rules: Rule[], ask: Ask, mode?: RequestPolicy['mode']) => {
  const verdict = decideRequest(policy(rules, mode), ask, places)
  return verdict.kind === 'ask' ? 'ask' : verdict.decision
}
const command = (text: string, part: Partial<Ask> = {}): Ask =>
  requestAsk({ command: text, ...part })
const files = (...paths: string[]): Ask =>
  requestAsk({
    kind: 'file_change',
    command: null,
    rule: null,
    changes: paths.map((path) => ({ path, change: 'add', movedTo: null, diff: '' })),
  })
const allow = (rule: Omit<Rule, 'allow' | 'deny'>): Rule => ({ allow: true, ...rule })
const deny = (rule: Omit<Rule, 'allow' | 'deny'>): Rule => ({ deny: true, ...rule })

describe('rules for commands', () => {
  const rules = [
    deny({ command_prefix: 'git push' }),
    allow({ command_prefix: 'git' }),
    deny({ command_prefix: ['rm'] }),
  ]

  it.each([
    ['git status', 'approve'],
    ["/bin/bash -lc 'git status'", 'approve'],
    ['git push', 'deny'],
    ['/usr/bin/git push', 'deny'],
    ['git pushy', 'approve'],
    ['gitk', 'ask'],
    ['rm x', 'deny'],
    ['ls', 'ask'],
    // Anything that a shell does more with is never allowed, and denied where a part of it is.
    ['git status && ls', 'ask'],
    ['git status && git push', 'deny'],
    ['echo $(rm x)', 'deny'],
    ['git status > /etc/x', 'ask'],
  ])('%s: %s', (text, verdict) => {
    expect(decide(rules, command(text))).toBe(verdict)
  })

  it('are asked in their order', () => {
    expect(
      decide([allow({ command_prefix: 'a' }), deny({ command_prefix: 'a' })], command('a')),
    ).toBe('approve')
  })

  it('allow nothing that asks for more permissions, is cut, or is about a host', () => {
    const permissions = { network: true, files: [] }
    expect(decide(rules, command('git status', { permissions }))).toBe('ask')
    expect(decide(rules, command('git status', { truncated: true }))).toBe('ask')
    const network = { host: 'example.com', protocol: 'https' }
    expect(decide(rules, command('git status', { network }))).toBe('ask')
    expect(decide(rules, command('git push', { permissions }))).toBe('deny')
  })

  it('of the network are by host', () => {
    const network = { host: 'Example.com', protocol: 'https' }
    const to = (rule: Rule) => decide([rule], command('curl', { network }))
    expect(to(allow({ network: 'example.com' }))).toBe('approve')
    expect(to(allow({ network: '*' }))).toBe('approve')
    expect(to(allow({ network: 'other.com' }))).toBe('ask')
    expect(to(deny({ network: '*' }))).toBe('deny')
    expect(to(allow({ command_prefix: 'curl' }))).toBe('ask')
  })
})

describe('rules for files', () => {
  const rules = [deny({ path: '/work/.git' }), allow({ path: 'src' }), allow({ path: '~/notes' })]

  it.each([
    [['/work/src/a.ts'], 'approve'],
    [['src/a.ts', '/home/me/notes/x'], 'approve'],
    [['/work/src/../.git/config'], 'deny'],
    [['/work/src/a.ts', '/work/.git/config'], 'deny'],
    [['/work/src/a.ts', '/work/other'], 'ask'],
    [['/work/src2/a.ts'], 'ask'],
    [['/work/src/../../etc/passwd'], 'ask'],
    [[], 'ask'],
  ])('%s: %s', (paths, verdict) => {
    expect(decide(rules, files(...paths))).toBe(verdict)
  })

  it('look at where a file is moved to, and at what nobody knows', () => {
    const moved = files('/work/src/a')
    for (const change of moved.changes ?? []) change.movedTo = '/etc/a'
    expect(decide(rules, moved)).toBe('ask')
    expect(decide(rules, { ...files(), changes: null })).toBe('ask')
    expect(decide(rules, { ...files('/work/src/a'), grantRoot: '/work' })).toBe('ask')
  })

  it('follow links', () => {
    const linked: Places = {
      normal: places.normal,
      real: (path) => places.normal(path).replace('/work/src/link', '/etc'),
    }
    const verdict = decideRequest(policy(rules), files('/work/src/link/passwd'), linked)
    expect(verdict.kind).toBe('ask')
  })
})

describe('the mode', () => {
  it('asks with the time limit, denies, or says yes to what is over when it is done', () => {
    expect(
      decideRequest({ mode: 'attention', timeoutSeconds: 5, rules: [] }, command('ls'), places),
    ).toEqual({ kind: 'ask', timeoutSeconds: 5 })
    expect(decide([], command('ls'), 'deny')).toBe('deny')
    expect(decide([], command('ls'), 'permissive')).toBe('approve')
    expect(decide([], files('/x'), 'permissive')).toBe('approve')
    expect(decide([deny({ command_prefix: 'ls' })], command('ls'), 'permissive')).toBe('deny')
  })

  it('permissive asks about permissions, questions, forms, and what is not known whole', () => {
    const asks: Ask[] = [
      requestAsk({ kind: 'permissions', permissions: { network: true, files: [] } }),
      requestAsk({ kind: 'question', offered: ['respond', 'deny'] }),
      requestAsk({ kind: 'elicitation' }),
      { ...files('/x'), grantRoot: '/' },
      { ...files(), changes: null },
      command('ls', { truncated: true }),
    ]
    expect(asks.map((ask) => decide([], ask, 'permissive'))).toEqual(asks.map(() => 'ask'))
    expect(asks.map((ask) => decide([], ask, 'deny'))).toEqual(asks.map(() => 'deny'))
  })
})

describe('whatever the rules', () => {
  const word = fc.constantFrom('git', 'push', 'rm', 'ls', '-rf', 'x')
  const rule = fc
    .record({ allow: fc.boolean(), prefix: fc.array(word, { minLength: 1, maxLength: 2 }) })
    .map(({ allow: isAllow, prefix }): Rule => {
      const body = { command_prefix: prefix }
      return isAllow ? allow(body) : deny(body)
    })
  const join = fc.constantFrom(' && ', '; ', ' | ', ' & ', '\n', ' > ', ' $(', ' `')
  const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '))

  it('a compound is never allowed by one, in no mode that asks or denies', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 6 }),
        fc.tuple(words, join, words),
        fc.constantFrom('attention' as const, 'deny' as const),
        (rules, [left, operator, right], mode) => {
          const text = `/bin/bash -lc '${left}${operator}${right}'`
          expect(decide(rules, command(text), mode)).not.toBe('approve')
        },
      ),
    )
  })

  it('a plain command is as the first rule that it begins with', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), words, (rules, text) => {
        const given = text.split(' ')
        const first = rules.find(({ command_prefix: prefix }) =>
          (prefix as string[]).every((one, at) => given[at] === one),
        )
        const expected = first === undefined ? 'ask' : first.deny ? 'deny' : 'approve'
        expect(decide(rules, command(text))).toBe(expected)
      }),
    )
  })

  it('no file outside of what is allowed is allowed', () => {
    const segment = fc.constantFrom('a', 'b', '..', '.', 'src', 'etc')
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        const path = ['/work', ...segments].join('/')
        const isInside = `${places.normal(path)}/`.startsWith('/work/src/')
        expect(decide([allow({ path: '/work/src' })], files(path))).toBe(
          isInside ? 'approve' : 'ask',
        )
      }),
    )
  })
})
