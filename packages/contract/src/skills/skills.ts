// skills path: where the skills and the plugin for agents are that come with dispatch.
import { z } from 'zod'

export const SkillsPathInput = z.strictObject({})

export const SkillsPathResult = z.strictObject({
  path: z.string().describe('The folder with the skills, one folder each'),
  skills: z
    .array(
      z.strictObject({
        name: z.string().describe('Name of the skill'),
        description: z.string().describe('When an agent is to use it'),
        file: z.string().describe('Its SKILL.md'),
      }),
    )
    .describe('The skills'),
  marketplace: z
    .string()
    .describe('The folder that codex plugin marketplace add takes: the plugin is in it'),
  plugin: z.string().describe('The folder of the plugin: the skills and the MCP server'),
})

export type SkillsPathInput = z.output<typeof SkillsPathInput>
export type SkillsPathResult = z.output<typeof SkillsPathResult>
