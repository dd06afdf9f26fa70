// The procedures below `config`.
import { procedure, router } from '../procedure.ts'
import { ConfigShowInput, ConfigShowResult, ConfigTrustInput, ConfigTrustResult } from './show.ts'

export const configRouter = router({
  show: procedure
    .meta({
      description:
        'Show what the configuration comes to in this directory: every value with its origin.',
      intent: 'read',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch config show', 'dispatch config show --preset reviewer --json'],
        view: {
          kind: 'table',
          rows: 'values',
          columns: [
            { field: 'key', title: 'KEY' },
            { field: 'value', title: 'VALUE' },
            { field: 'origin', title: 'ORIGIN' },
            { field: 'section', title: 'TABLE' },
          ],
          empty: 'Nothing is set.',
        },
      },
      mcp: { tool: true, group: 'daemon' },
    })
    .input(ConfigShowInput)
    .output(ConfigShowResult)
    .query(({ ctx, input }) => ctx.local.config.show(input, ctx.call)),

  trust: procedure
    .meta({
      description:
        'Let the configuration file of this repository set what a repository may not by itself. Holds until its content changes.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch config trust', 'dispatch config trust --revoke'],
        view: { kind: 'fields' },
      },
      // What a repository may do to its lanes is for a person to say.
      mcp: { tool: false },
    })
    .input(ConfigTrustInput)
    .output(ConfigTrustResult)
    .mutation(({ ctx, input }) => ctx.services.config.trust(input, ctx.call)),
})
