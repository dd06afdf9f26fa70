// How requests, deliveries and triggers are named by their ids: one rule for all of them.
import { z } from 'zod'

/** An id may be shortened to so many characters: fewer are only its clock, of more than a minute. */
export const SHORT_ID_MIN = 8

/** Whether a text may be meant as an id or as the beginning of one. */
export const isLikeId = (text: string): boolean => /^[0-9a-f]{8}[0-9a-f-]*$/i.test(text)

/** Names one thing by its id; `what` begins the description. */
export const ShortId = (what: string) =>
  z
    .string()
    .min(1)
    .max(100)
    .describe(`${what}: its id, or a unique beginning of it (${SHORT_ID_MIN} or more characters)`)
