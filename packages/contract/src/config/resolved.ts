// A value that the configuration and the call come to, with where it comes from.
import { z } from 'zod'

/** One value and its origin. */
export const ResolvedValue = z.strictObject({
  key: z.string().describe('The key as configuration files spell it'),
  value: z.unknown().describe('The value'),
  origin: z
    .enum(['built-in', 'caller', 'global', 'repo', 'flag'])
    .describe("Who set it; caller: the caller's directory"),
  section: z.string().nullable().describe('The table of the configuration file, or null'),
  file: z.string().nullable().describe('The configuration file, or null'),
  readFrom: z.string().nullable().describe('The file that its text was read from, or null'),
})

export type ResolvedValue = z.output<typeof ResolvedValue>
