// agent_assets: whether the skills and the plugin for agents came along, belong to this version, and whether
// the plugin that Codex has installed is of another one. Codex keeps a copy of its own, one a version.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootToPlaces, textToSkillHead } from '../assets/agent-assets.ts'
import { type Finding, ok, warn } from './check.ts'

type Assets = {
  /** The folder that they are in. */
  root: string
  version: string
  codexHome: string
}

const SKILLS = ['dispatch', 'dm']
const PLUGIN = 'dispatch'
const RENEW = 'codex plugin add dispatch@outfitter-dispatch'

type Json = Record<string, unknown>

// Null where it is not there, or is no JSON.
const readJson = (file: string): Json | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Json
  } catch {
    return null
  }
}

const isSkillWell = (folder: string, name: string): boolean => {
  try {
    return textToSkillHead(readFileSync(join(folder, name, 'SKILL.md'), 'utf8'))?.name === name
  } catch {
    return false
  }
}

const problemsOf = ({ root, version }: Assets): string[] => {
  const places = rootToPlaces(root)
  const manifest = readJson(places.manifest)
  const servers = readJson(places.servers)?.mcpServers as Record<string, Json> | undefined
  const plugins = readJson(places.marketplace)?.plugins as Json[] | undefined
  const folders = [places.skills, join(places.plugin, 'skills')]
  return [
    ...folders.flatMap((folder) =>
      SKILLS.filter((name) => !isSkillWell(folder, name)).map(
        (name) => `${folder} has no skill ${name}.`,
      ),
    ),
    ...(manifest?.version === version ? [] : [`${places.manifest} is not of version ${version}.`]),
    ...(servers?.[PLUGIN]?.command === 'dispatch'
      ? []
      : [`${places.servers} does not start dispatch.`]),
    ...(plugins?.some(({ name }) => name === PLUGIN)
      ? []
      : [`${places.marketplace} does not list the plugin.`]),
  ]
}

const installedIn = (codexHome: string): string[] => {
  try {
    return readdirSync(join(codexHome, 'plugins/cache/outfitter-dispatch', PLUGIN)).sort()
  } catch {
    return []
  }
}

/** Looks at them. */
export const checkAssets = (assets: Assets): Finding => {
  const { root, version, codexHome } = assets
  const { skills, plugin } = rootToPlaces(root)
  const installed = installedIn(codexHome)
  const data = { skills, plugin, marketplace: root, installed }
  const problems = problemsOf(assets)
  if (problems.length > 0) {
    return warn('Skills or the plugin for agents are missing or are of another version.', {
      detail: problems.join('\n'),
      recovery: 'npm install -g outfitter-dispatch',
      data,
    })
  }
  if (installed.length > 0 && !installed.includes(version)) {
    return warn(`Codex has the plugin of version ${installed.join(', ')}.`, {
      recovery: RENEW,
      data,
    })
  }
  return ok(
    `The skills ${SKILLS.join(' and ')} and the plugin came along${installed.length > 0 ? '; Codex has the plugin' : ''}.`,
    { data },
  )
}
