import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SearchInput } from '@dispatch/contract'
import type { ThreadFact } from '../codex/thread-fact.ts'
import { inputToFilter } from './search-filter.ts'

const thread = (part: Partial<ThreadFact> = {}): ThreadFact => ({
  id: 'a',
  name: null,
  preview: '',
  cwd: '/work/app',
  standing: 'idle',
  source: 'cli',
  ephemeral: false,
  archived: false,
  paged: true,
  model: null,
  modelProvider: null,
  effort: null,
  path: null,
  createdAt: Date.parse('2026-06-01T10:00:00Z'),
  updatedAt: Date.parse('2026-06-03T10:00:00Z'),
  ...part,
})

const NOW = Date.parse('2026-06-03T12:00:00Z')

const filter = (input: Partial<SearchInput>, zone = 'UTC') =>
  inputToFilter({ query: 'x', ...input }, { zone, now: NOW }, (id) => id === 'lane')

describe('the filters of a search', () => {
  it('let everything through when there is none', () => {
    expect(filter({}).isNarrow).toBe(false)
    expect(filter({}).fits(thread())).toBe(true)
  })

  it('say that a directory is not there; its threads may be there all the same', () => {
    const dir = join(tmpdir(), 'dispatch-no-such-directory')
    const { notes, fits } = filter({ dir })
    expect(notes).toEqual([`There is no directory ${dir} on this machine.`])
    expect(fits(thread({ cwd: dir }))).toBe(true)
    expect(filter({ dir: tmpdir() }).notes).toEqual([])
  })

  it.each([
    [{ since: '2026-06-03' }, true],
    [{ since: '2026-06-04' }, false],
    [{ since: '2h' }, true],
    [{ since: '1h' }, false],
    [{ until: '1h' }, true],
    [{ until: '3h' }, false],
    [{ until: '2026-06-03' }, true],
    [{ until: '2026-06-02' }, false],
    [{ until: '2026-06-01', dateField: 'created_at' }, true],
    [{ since: '2026-06-02', dateField: 'created_at' }, false],
    [{ since: '2026-06-03T10:00:00Z', until: '2026-06-03T10:00:00Z' }, true],
    [{ managed: true }, false],
    [{ unmanaged: true }, true],
    [{ dir: '/work' }, true],
    [{ dir: '/work/app/' }, true],
    [{ dir: '/work/ap' }, false],
    [{ dir: '/' }, true],
  ] as [Partial<SearchInput>, boolean][])('%j', (input, expected) => {
    expect(filter(input).fits(thread())).toBe(expected)
    expect(filter(input).isNarrow).toBe(true)
  })

  it('know the day of the caller', () => {
    const late = thread({ updatedAt: Date.parse('2026-06-03T23:00:00Z') })
    expect(filter({ until: '2026-06-03' }).fits(late)).toBe(true)
    expect(filter({ until: '2026-06-03' }, 'Europe/Berlin').fits(late)).toBe(false)
  })

  it('tell where no later thread can fit, only when the order is by the same time', () => {
    expect(filter({ since: '2026-06-04' }).isPast(thread())).toBe(true)
    expect(filter({ since: '2026-06-04', ascending: true }).isPast(thread())).toBe(false)
    expect(filter({ until: '2026-06-02', ascending: true }).isPast(thread())).toBe(true)
    expect(filter({ since: '2026-06-04', sort: 'created_at' }).isPast(thread())).toBe(false)
  })

  it('find the repository of a directory, through links too', () => {
    const root = mkdtempSync(join(tmpdir(), 'dispatch-repo-'))
    try {
      mkdirSync(join(root, 'real', 'src'), { recursive: true })
      writeFileSync(join(root, 'real', '.git'), 'gitdir: elsewhere')
      symlinkSync(join(root, 'real'), join(root, 'link'))
      const inRepo = thread({ cwd: join(root, 'real', 'docs') })
      expect(filter({ repo: join(root, 'real', 'src') }).fits(inRepo)).toBe(true)
      expect(filter({ repo: join(root, 'link') }).fits(inRepo)).toBe(true)
      expect(filter({ repo: join(root, 'real') }).fits(thread())).toBe(false)
      expect(() => filter({ repo: root })).toThrow('no repository')
    } finally {
      rmSync(root, { recursive: true })
    }
  })

  it('refuse what cannot be meant', () => {
    expect(() => filter({ managed: true, unmanaged: true })).toThrow('not both')
    expect(() => filter({ since: '2026-06-02', until: '2026-06-01' })).toThrow('before --since')
    expect(() => filter({ dir: 'src' })).toThrow('absolute')
  })
})
