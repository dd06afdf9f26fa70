// An item of a transcript: one thing that was said or done in a turn.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'

/** One thing that was said or done, with a text that can be read. */
export const TranscriptItem = z.strictObject({
  id: z.string().describe("Codex's id of the item; of a turn's end the id of the turn"),
  turnId: z.string().nullable().describe('The turn that it is part of'),
  type: z
    .string()
    .describe(
      "Codex's type: userMessage, agentMessage, commandExecution, ...; turn: the end of a turn that failed or was interrupted",
    ),
  text: z.string().describe('What can be read of it'),
  status: z.string().nullable().describe('Its status where it has one'),
  startedAt: Timestamp.nullable().describe('When it started'),
  completedAt: Timestamp.nullable().describe('When it completed'),
})

export type TranscriptItem = z.output<typeof TranscriptItem>
