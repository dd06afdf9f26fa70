// The skills and the plugin for agents, as files that come with dispatch: where they are, and what the
// skills say of themselves. In the sources they are in the root of the workspace, in the package in its own.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SkillsPathResult } from '@dispatch/contract'

/** The folder that they are in; `here` is a module beside the rooms. */
export const rootOf = (here: string): string =>
  resolve(fileURLToPath(new URL(here.endsWith('.ts') ? '../../..' : '..', here)))

/** What the head of a skill says. */
export type SkillHead = { name: string; description: string }

/** The head of a SKILL.md: its lines between two of dashes. Null where it has none, or a part of it is missing. */
export const textToSkillHead = (text: string): SkillHead | null => {
  const [, head] = /^---\n(.*?)\n---\n/s.exec(text) ?? []
  const valueOf = (key: string): string | undefined =>
    new RegExp(`^${key}: (.+)$`, 'm').exec(head ?? '')?.[1]
  const name = valueOf('name')
  const description = valueOf('description')
  return name === undefined || description === undefined ? null : { name, description }
}

/** Where what is below such a folder. */
export const rootToPlaces = (root: string) => ({
  skills: join(root, 'skills'),
  plugin: join(root, 'plugins/dispatch'),
  manifest: join(root, 'plugins/dispatch/.codex-plugin/plugin.json'),
  servers: join(root, 'plugins/dispatch/.mcp.json'),
  marketplace: join(root, '.agents/plugins/marketplace.json'),
})

/** The answer of `skills path`; throws where the files are not there. */
export const readSkills = (root: string): SkillsPathResult => {
  const { skills: path, plugin } = rootToPlaces(root)
  const skills = readdirSync(path)
    .sort()
    .flatMap((folder) => {
      const file = join(path, folder, 'SKILL.md')
      const head = textToSkillHead(readFileSync(file, 'utf8'))
      return head ? [{ ...head, file }] : []
    })
  return { path, skills, marketplace: root, plugin }
}
