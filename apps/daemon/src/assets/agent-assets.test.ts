import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSkills, rootOf, textToSkillHead } from './agent-assets.ts'

const workspace = rootOf(new URL('../local.ts', import.meta.url).href)

test('they are found beside the sources, and above a bundle', () => {
  expect(rootOf('file:///opt/package/dist/daemon-start-1.js')).toBe('/opt/package')
  expect(readSkills(workspace).path).toBe(join(workspace, 'skills'))
})

test('the skills are listed with what they are for', () => {
  const { path, skills, plugin, marketplace } = readSkills(workspace)
  expect({ path, plugin, marketplace }).toEqual({
    path: join(workspace, 'skills'),
    plugin: join(workspace, 'plugins/dispatch'),
    marketplace: workspace,
  })
  expect(skills.map(({ name }) => name)).toEqual(['dispatch', 'dm'])
  for (const { description } of skills) expect(description.length).toBeGreaterThan(80)
})

test.each(['', '# dm\n', '---\nname: dm\n---\n', '---\nname: dm\ndescription: x\n'])(
  'a skill without a whole head is none: %j',
  (text) => {
    expect(textToSkillHead(text)).toBeNull()
  },
)
