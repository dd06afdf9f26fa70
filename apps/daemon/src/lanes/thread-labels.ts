// How a thread that somebody else made is called as a lane: by its name in Codex where it has one. Pure.
import type { ThreadFact } from '../codex/thread-fact.ts'
import { freeHandle, nameToHandle } from './naming.ts'

/** Name, handle and title of a lane. */
export type Labels = { name: string; handle: string; title: string }

const TITLE_MAX = 80
const ID_PART = 8

const prefix = /^\[[^\]]*\]\s*/

const shortened = (text: string): string =>
  text.length <= TITLE_MAX ? text : `${text.slice(0, TITLE_MAX - 1)}\u2026`

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim()

/** The labels of a thread; `isTaken` tells of handles of live lanes. */
export const threadToLabels = (
  thread: Pick<ThreadFact, 'id' | 'name' | 'preview'>,
  isTaken: (handle: string) => boolean,
): Labels => {
  const title = oneLine(thread.name ?? '')
  const bare = title.replace(prefix, '').replace(/^@+/, '') || title
  const name = bare || thread.id.slice(0, ID_PART)
  return {
    name,
    handle: freeHandle(nameToHandle(name), isTaken),
    title: title || shortened(oneLine(thread.preview)) || thread.id,
  }
}
