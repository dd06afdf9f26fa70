// A Codex thread of this machine, whether dispatch manages it or not.
import { z } from 'zod'
import { LaneStatus } from '../lanes/lane.ts'

/** A thread's id as Codex makes it, and nothing that stands for one. */
export const RawThreadId = z
  .uuid('must be a full thread id of Codex, not a ref or a name')
  .describe('Thread id of Codex, in full; list --unmanaged shows them')

/** own and attached are lanes; unmanaged is a thread that dispatch does not have. */
export const ThreadSource = z.enum(['own', 'attached', 'unmanaged'])

/** What identifies a thread, a lane or not. */
export const ThreadIdentity = z.strictObject({
  ref: z.string().nullable().describe('Ref of the lane, or null'),
  id: z.string().describe('The Codex thread id'),
  handle: z.string().nullable().describe('Handle of the lane, or null'),
  title: z.string().nullable().describe('The name of the thread in Codex, or null'),
  managed: z.boolean().describe('Whether dispatch has the thread in its registry'),
  source: ThreadSource.describe('own, attached or unmanaged'),
  status: LaneStatus.describe('idle, busy, waiting_approval, error, archived or unknown'),
  cwd: z.string().describe('The directory that the thread works in'),
})

export type ThreadIdentity = z.output<typeof ThreadIdentity>
export type ThreadSource = z.output<typeof ThreadSource>
