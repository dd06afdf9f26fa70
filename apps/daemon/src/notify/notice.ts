// What a person is told of an event: one line. Pure.
import type { DispatchEvent } from '@dispatch/contract'
import type { LaneRow, RequestRow } from '@dispatch/store'

/** Something to tell; the event of it is null where somebody asked for it. */
export type Notice = { text: string; event: DispatchEvent | null; lane: LaneRow | null }

/** What the registry knows of an event. */
export type Known = { lane: LaneRow | null; request: RequestRow | null }

const TEXT_MAX = 300

/** One line without control characters, 300 characters at most. */
export const toLine = (text: string): string => {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  const letters = Array.from(line)
  return letters.length <= TEXT_MAX ? line : `${letters.slice(0, TEXT_MAX - 1).join('')}…`
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : ((value as { message?: string } | null)?.message ?? '')

const said = (what: string, more: unknown): string => {
  const text = textOf(more)
  return text === '' ? `${what}.` : `${what}: ${text}`
}

/** The words for an event. */
export const eventToText = ({ type, data }: DispatchEvent, { lane, request }: Known): string => {
  const who = lane?.handle ?? 'Codex'
  const words: Record<string, () => string> = {
    'request.opened': () => said(`${who} asks`, request?.ask.summary),
    'turn.completed': () => said(`${who} is done`, lane?.lastMessage),
    'turn.failed': () => said(`${who} failed`, data['error']),
    'turn.interrupted': () => said(`${who} was interrupted`, data['reason']),
    'lane.stalled': () => said(`${who} has fallen silent`, data['reason']),
    'delivery.failed': () => said(`A message did not reach ${who}`, data['failure']),
    'delivery.ambiguous': () => `Nobody knows whether a message reached ${who}.`,
    'trigger.disabled': () =>
      said(`The trigger ${textOf(data['name'])} was given up`, data['reason']),
    'codex.lost': () => 'The App Server of Codex is gone; it is started again.',
  }
  return toLine(words[type]?.() ?? `${who}: ${type}`)
}
