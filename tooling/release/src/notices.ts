// The licences of what others wrote and the bundles contain: most of them ask to go with every copy, and
// a minified bundle has lost them.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//
const LICENCE = /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i

const RULE = '-'.repeat(80)

type Manifest = { name: string; version: string; license?: string }

const rootOf = (module: string): string[] => {
  const root = PACKAGE.exec(module.replace(/^\0/, ''))?.[1]
  return root === undefined ? [] : [root]
}

const packageToNotice = async (root: string): Promise<[name: string, notice: string]> => {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest
  const { name, version, license = 'see its source' } = manifest
  const files = (await readdir(root)).filter((file) => LICENCE.test(file)).sort()
  const texts = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')))
  const title = `${name} ${version} (${license})`
  return [title, [title, ...texts.map((text) => text.trim())].join('\n\n')]
}

/** The notices for these modules, by package; those of the workspace itself have none. */
export const modulesToNotices = async (modules: Iterable<string>): Promise<string> => {
  const roots = new Set([...modules].flatMap(rootOf))
  const notices = new Map(await Promise.all([...roots].map(packageToNotice)))
  const sorted = [...notices].sort(([one], [other]) => (one < other ? -1 : 1))
  return `${sorted.map(([, notice]) => notice).join(`\n\n${RULE}\n\n`)}\n`
}
