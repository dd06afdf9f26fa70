// Answers a shell that asks for completions: reads the words, asks a running daemon for its lanes
// where one may stand (never starts one), writes the lines. Whatever fails, completes nothing.
import type { BeginningResult, ListResult } from '@dispatch/contract'
import type { Reach, Setting } from '../../execute.ts'
import { parseFast } from '../../fast/parse.ts'
import type { Io } from '../../io.ts'
import type { Tables } from '../../tables.ts'
import { type Suggestion, suggest, suggestionsToText } from './suggest.ts'

const settingOf = (io: Io, tables: Tables, words: readonly string[]): Setting | null => {
  const home = words.lastIndexOf('--home')
  const directory = home < 0 ? undefined : words[home + 1]
  const parsed = parseFast(tables, [
    'list',
    '--limit',
    '200',
    ...(directory ? ['--home', directory] : []),
  ])
  if (parsed?.kind !== 'call') return null
  return { io, tables, invocation: parsed.invocation }
}

// With nothing typed the newest; else whichever of all begins so.
const askLanes = async (setting: Setting, reach: Reach, word: string): Promise<Suggestion[]> => {
  const form = { ...setting.invocation.command.plain, autostart: false }
  const { closed } = setting.io
  await using remote = await reach.remote(setting)
  const { lanes } = (await (word === ''
    ? remote.call(form, { limit: 200 }, closed)
    : remote.call({ ...form, op: 'lanesBeginning' }, { word }, closed))) as
    | ListResult
    | BeginningResult
  return lanes.flatMap(({ ref, handle, title, status }) => [
    { value: handle, description: `${status}  ${title}` },
    { value: ref, description: `${status}  ${handle}` },
  ])
}

/** Writes the completions of the words; the exit status is always 0. */
export const answerCompletion = async (io: Io, tables: Tables, reach: Reach): Promise<number> => {
  const words = io.argv.slice(2)
  const setting = settingOf(io, tables, words)
  const lanes = async (): Promise<Suggestion[]> =>
    setting === null ? [] : askLanes(setting, reach, words.at(-1) ?? '').catch(() => [])
  const suggestions = await suggest(tables.commands, words, lanes)
  const current = words.at(-1) ?? ''
  // Refs are for those who begin to type one; with nothing typed they would double every lane.
  const found = suggestions.found.filter(
    ({ value }) => current !== '' || !/^0[1-9A-HJ-NP-Za-km-z]{5}$/.test(value),
  )
  await io.write(suggestionsToText({ ...suggestions, found }))
  return 0
}
