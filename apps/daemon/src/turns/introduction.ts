// --intro: a message to another lane begins with who sends it, so that the agent there can reply.
import { bounds } from '@dispatch/contract/bounds'
import { type Call, DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { textToShape } from '../audit/audit.ts'

const HINT = 'Leave --intro out, or call from inside a lane: CODEX_THREAD_ID says which it is.'

const senderOf = (store: Store, { threadId }: Call): LaneRow => {
  if (threadId === null) {
    throw new DispatchError(
      'validation',
      '--intro names the lane that sends: there is none here.',
      {
        hint: HINT,
      },
    )
  }
  const lane = store.lanes.get(threadId)
  if (lane?.archivedAt === null) return lane
  const message = lane
    ? `--intro names the lane that sends, and ${lane.handle} is archived.`
    : `--intro names the lane that sends, and thread ${threadId} is none.`
  throw new DispatchError('validation', message, {
    hint: lane
      ? `dispatch restore ${lane.ref}`
      : `dispatch attach ${threadId}, or leave --intro out`,
    details: { threadId },
  })
}

/** A message, and the lane that it goes to: its agent is told of what it can reply with. */
type Introduced = { text: string; to: LaneRow }

/** The text with its introduction; throws `validation` without a sender, or where it gets too long. */
export const introduce = (store: Store, message: Introduced, call: Call): string => {
  const { handle, ref } = senderOf(store, call)
  const { text, to } = message
  const reply = to.laneTools?.includes('send')
    ? `Use dispatch_send with lane ${ref} to reply.`
    : `Use dispatch send ${ref} ... to reply.`
  const whole = `[dispatch] From ${handle} (${ref}). ${reply}\n\n${text}`
  const { textLength } = textToShape(whole)
  if (textLength <= bounds.message) return whole
  throw new DispatchError(
    'validation',
    `With its introduction the text has ${textLength} characters; it must have at most ${bounds.message} (the limit of Codex).`,
    { hint: 'Shorten it, or leave --intro out.' },
  )
}
