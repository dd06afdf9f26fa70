// models.
import { procedure } from '../procedure.ts'
import { ModelsInput, ModelsResult } from './models.ts'

export const modelProcedures = {
  models: procedure
    .meta({
      description: 'List the models that Codex offers, with their efforts and service tiers.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch models', 'dispatch models --no-refresh --json'],
        view: {
          kind: 'table',
          rows: 'models',
          columns: [
            { field: 'id', title: 'MODEL', whole: true },
            { field: 'isDefault', title: 'DEFAULT' },
            { field: 'defaultReasoningEffort', title: 'EFFORT' },
            { field: 'supportedReasoningEfforts', title: 'EFFORTS' },
            { field: 'aliases', title: 'TIERS' },
            { field: 'description', title: 'WHAT FOR' },
          ],
          empty: 'No models were seen yet. dispatch models asks Codex.',
        },
      },
      mcp: { group: 'daemon' },
      laneTool: { bound: 'reads', fields: [] },
    })
    .input(ModelsInput)
    .output(ModelsResult)
    .query(({ ctx, input }) => ctx.services.models(input, ctx.call)),
}
