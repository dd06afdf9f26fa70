// The documents that people read: which there are, and what of them can be checked. Pure but for reading.
import { globSync, readFileSync } from 'node:fs'

/** A document: its path from the root of the workspace, and its text. */
export type Document = { path: string; text: string }

/** The root of the workspace; its URL ends in a slash. */
export const root = new URL('../../../', import.meta.url)

/** README, the contributors' guide, the change log, docs, the skills for agents, READMEs of packages. */
export const readDocuments = (): Document[] =>
  globSync(['*.md', 'docs/**/*.md', 'plugins/*/skills/*/*.md', '*/*/README.md'], { cwd: root })
    .sort()
    .map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }))

/** The code blocks of a text, without their fences. */
export const codeBlocks = (text: string): { language: string; lines: string[] }[] =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', body = '']) => ({
    language,
    lines: body.split('\n'),
  }))

/** The text without its code blocks. */
export const proseOf = (text: string): string => text.replace(/^```\w*\n.*?^```$/gms, '')
