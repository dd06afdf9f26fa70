// The procedures below `skills`.
import { procedure, router } from '../procedure.ts'
import { SkillsPathInput, SkillsPathResult } from './skills.ts'

export const skillsRouter = router({
  path: procedure
    .meta({
      description:
        'Print where the skills for agents are that come with dispatch. The JSON has the plugin, too.',
      intent: 'read',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch skills path', 'dispatch skills path --output text'],
        view: { kind: 'line', template: '{path}' },
      },
    })
    .input(SkillsPathInput)
    .output(SkillsPathResult)
    .query(({ ctx, input }) => ctx.local.skills.path(input, ctx.call)),
})
