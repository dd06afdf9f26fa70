// The op: tells a person now, and says how that went.
import { type DaemonServices, DispatchError } from '@dispatch/contract'
import { type Audit, textToShape } from '../audit/audit.ts'
import { toLine } from './notice.ts'
import type { Notifier } from './notifier.ts'

const TRY = 'dispatch: this is how you are told.'

/** Makes the op. */
export const makeNotifyService = (options: {
  audit: Audit
  notifier: Notifier
}): DaemonServices['notify'] => {
  const { audit, notifier } = options
  return ({ text: given }, call) =>
    audit.run('notify', call, async (note) => {
      const text = toLine(given ?? TRY)
      note.detail(textToShape(text))
      const ran = await notifier.tell({ text, event: null, lane: null }, call.signal)
      if (ran === null) {
        throw new DispatchError('validation', 'There is no program that tells anybody.', {
          hint: 'Name one in config.toml of the home, below [notify]: command = ["sh", "-c", "notify-send dispatch \\"$DISPATCH_TEXT\\""]. dispatch config show has what is set.',
        })
      }
      call.signal.throwIfAborted()
      const { status, said, program, ms } = ran
      if (status !== 0) {
        const how = status === null ? 'did not run to its end' : `ended with ${status}`
        throw new DispatchError(
          'validation',
          `${program} ${how}${said === '' ? '.' : `: ${said}`}`,
          {
            hint: 'dispatch config show, and try the program by itself',
            details: { program, exitCode: status, said },
          },
        )
      }
      return { text, program, exitCode: status, milliseconds: ms }
    })
}
