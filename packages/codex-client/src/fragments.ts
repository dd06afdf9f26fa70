// How a large message is cut into WebSocket frames. The server drops a connection on one frame over
// 16 MiB, takes fragments of 4 MiB up to about 60 MiB in all, and fails beyond (seen with 0.169.0).
import { CodexMessageTooLargeError } from './errors.ts'

const MIB = 1024 * 1024
/** The largest message sent as one frame. */
export const MAX_FRAME_BYTES = 8 * MIB
/** The largest message sent at all. */
export const MAX_MESSAGE_BYTES = 60 * MIB
const FRAGMENT_BYTES = 4 * MIB

/**
 * The frames of `text`, in order: the text itself where one frame holds it, else pieces of its
 * bytes cut between characters. Throws {@link CodexMessageTooLargeError} above 60 MiB.
 */
export function textToFrames(text: string): readonly (string | Buffer)[] {
  // A UTF-16 unit is at most three bytes: most messages need no count.
  if (text.length * 3 <= MAX_FRAME_BYTES) return [text]
  const size = Buffer.byteLength(text)
  if (size > MAX_MESSAGE_BYTES) throw new CodexMessageTooLargeError(size, MAX_MESSAGE_BYTES)
  if (size <= MAX_FRAME_BYTES) return [text]
  const bytes = Buffer.from(text)
  const frames: Buffer[] = []
  for (let start = 0; start < size;) {
    const end = characterStart(bytes, Math.min(start + FRAGMENT_BYTES, size))
    frames.push(bytes.subarray(start, end))
    start = end
  }
  return frames
}

/** The nearest position at or before `at` where a character of UTF-8 begins, or the end. */
function characterStart(bytes: Buffer, at: number): number {
  let position = at
  while (position < bytes.length && (bytes.readUInt8(position) & 0xc0) === 0x80) position -= 1
  return position
}
