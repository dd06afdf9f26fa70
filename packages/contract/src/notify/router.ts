// notify.
import { procedure } from '../procedure.ts'
import { NotifyInput, NotifyResult } from './notify.ts'

export const notifyProcedures = {
  notify: procedure
    .meta({
      description:
        'Tell the person at this machine something, with the program that [notify] of the global configuration names. The daemon tells of requests and ended turns by itself.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch notify', 'dispatch notify "The release is out."'],
        view: { kind: 'line', template: 'told by {program}: {text}' },
      },
      mcp: { group: 'thread' },
    })
    .input(NotifyInput)
    .output(NotifyResult)
    .mutation(({ ctx, input }) => ctx.services.notify(input, ctx.call)),
}
