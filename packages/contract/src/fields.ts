// Fields that several ops share: selectors, names, texts, times.
import { z } from 'zod'
import { bounds } from './bounds.ts'
import { charactersIn, hasInvisible } from './characters.ts'

/** Whether a text has at most so many characters. A string never has more code points than UTF-16 units, so short ones need no count. */
export const withinCharacters = (max: number) => (text: string) =>
  text.length <= max || charactersIn(text) <= max

/** A message: Codex's own bound, counted in code points; not blank. */
export const MessageText = z
  .string()
  .refine(withinCharacters(bounds.message), {
    error: `must be at most ${bounds.message} characters (the limit of Codex)`,
  })
  .refine((text) => text.trim() !== '', { error: 'must not be empty or blank' })

/** Names one lane: ref, thread id, unique id prefix, handle, title. */
export const Selector = z
  .string()
  .min(1)
  .max(512)
  .meta({ selector: true })
  .describe('Lane: its ref, thread id, unique id prefix (13 or more characters), @handle or title')

/** A lane's bare name. One that looks the same is the same: it is composed (NFC). */
export const LaneName = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1, 'must not be empty')
  .max(bounds.name, `must be at most ${bounds.name} characters`)
  // Codex keeps names in line-based files, terminals act on control characters.
  .refine((name) => !/\p{Cc}/u.test(name), { error: 'must not contain control characters' })
  .refine((name) => !hasInvisible(name), { error: 'must not contain invisible characters' })
  // Of an empty one that is said already.
  .refine((name) => !/^[@\s]+$/.test(name), { error: 'must be more than @' })

/** What stands before a lane's name in its title; empty for nothing. */
export const Prefix = z
  .string()
  .normalize('NFC')
  .max(bounds.prefix, `must be at most ${bounds.prefix} characters`)
  .refine((prefix) => !/\p{Cc}/u.test(prefix), { error: 'must not contain control characters' })
  .refine((prefix) => !hasInvisible(prefix), { error: 'must not contain invisible characters' })

/** The name of a preset. */
export const PresetName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'must be letters, digits, `_`, `.` and `-`')

/** An instant: ISO-8601 UTC with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 })

/** Seconds to wait, at most a week. */
export const Seconds = z.number().nonnegative().max(604_800)

/** A caller's own name of a request, so that one made again is the same one. */
export const IdempotencyKey = z
  .string()
  .min(1, 'must not be empty')
  .max(bounds.idempotencyKey, `must be at most ${bounds.idempotencyKey} characters`)
  // It is shown where it is taken again for another request.
  .refine((key) => !/\p{Cc}/u.test(key), { error: 'must not contain control characters' })
  .optional()
  .describe(
    'Your own name of this request: made again under it, whenever and from wherever, it is the same one with the same receipt; another request under it is a conflict',
  )

/** A position in the event log; opaque. */
export const Cursor = z.string().min(1).max(100)

/** Text of base or developer instructions. */
export const Instructions = z.string().max(bounds.instructions)
