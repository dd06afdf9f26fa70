// The filters of a search, as one question to a thread.
import { existsSync, realpathSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { DispatchError, type SearchInput } from '@dispatch/contract'
import { isRepository } from '@dispatch/contract/repository'
import type { ThreadFact } from '../codex/thread-fact.ts'
import { textToPast } from './instant.ts'

/** What a search lets through. */
export type SearchFilter = {
  fits(thread: ThreadFact): boolean
  /** In the order of the search: no later thread can fit. */
  isPast(thread: ThreadFact): boolean
  /** Whether anything is filtered at all. */
  isNarrow: boolean
  /** What the caller should know of it. */
  notes: string[]
}

type Bounds = { from: number; to: number }

/** The root of the repository that a directory is part of; throws where there is none. */
const repoOf = (directory: string): string => {
  for (let at = directory; ; at = dirname(at)) {
    if (isRepository(at)) return at
    if (at === dirname(at)) break
  }
  throw new DispatchError('validation', `${directory} is in no repository.`, {
    hint: 'Name a directory with a .git at or above it, or use --dir.',
    details: { path: directory },
  })
}

// A thread knows its directory by the name it was started with, which may lead through a link.
const namesOf = (directory: string): string[] => {
  const plain = directory === sep ? '' : directory.replace(/\/+$/, '')
  try {
    return [plain, realpathSync(directory)]
  } catch {
    return [plain]
  }
}

const isWithin = (cwd: string, names: readonly string[]): boolean =>
  names.some((name) => cwd === name || cwd.startsWith(`${name}${sep}`))

/** Where and when it is asked. */
type Asked = { zone: string; now: number }

const boundsOf = ({ since, until }: SearchInput, asked: Asked): Bounds => {
  const from = since === undefined ? -Infinity : textToPast(since, asked, '--since').from
  const to = until === undefined ? Infinity : textToPast(until, asked, '--until').to
  if (from < to) return { from, to }
  throw new DispatchError('validation', '--until lies before --since.', {
    details: { since, until },
  })
}

const checkPath = (path: string | undefined, flag: string): void => {
  if (path === undefined || path.startsWith('/')) return
  throw new DispatchError('validation', `${flag} must be an absolute path: ${path}`)
}

/** The filter of an input; throws `validation` on what cannot be meant. */
export const inputToFilter = (
  input: SearchInput,
  asked: Asked,
  isManaged: (threadId: string) => boolean,
): SearchFilter => {
  if (input.managed && input.unmanaged) {
    throw new DispatchError('validation', 'Give --managed or --unmanaged, not both.')
  }
  checkPath(input.dir, '--dir')
  checkPath(input.repo, '--repo')
  const roots = [
    ...(input.dir === undefined ? [] : [namesOf(input.dir)]),
    ...(input.repo === undefined ? [] : [namesOf(repoOf(input.repo))]),
  ]
  const { from, to } = boundsOf(input, asked)
  const dateField = input.dateField ?? 'updated_at'
  const timeOf = ({ createdAt, updatedAt }: ThreadFact): number =>
    dateField === 'created_at' ? createdAt : updatedAt
  const wanted = input.managed ? true : input.unmanaged ? false : null
  const isOrdered = dateField === (input.sort ?? 'updated_at')

  return {
    // Of a directory that was removed the threads are still there.
    notes:
      input.dir === undefined || existsSync(input.dir)
        ? []
        : [`There is no directory ${input.dir} on this machine.`],
    isNarrow: roots.length > 0 || wanted !== null || from > -Infinity || to < Infinity,
    isPast: (thread) =>
      isOrdered && (input.ascending ? timeOf(thread) >= to : timeOf(thread) < from),
    fits: (thread) =>
      timeOf(thread) >= from &&
      timeOf(thread) < to &&
      (wanted === null || isManaged(thread.id) === wanted) &&
      roots.every((names) => isWithin(thread.cwd, names)),
  }
}
