// The pictures of the documents: there, whole, small, of nobody's machine, and with the words that
// dispatch prints today. `pnpm run pictures` makes them anew.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { appRouter, describeRouter } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { pictureFolder } from '../src/folder.ts'

const root = new URL('../../../', import.meta.url)

const pictures = readdirSync(pictureFolder).map(
  (name) => [name, readFileSync(new URL(name, pictureFolder), 'utf8')] as const,
)

const shownIn = (path: string): string[] =>
  [...readFileSync(new URL(path, root), 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+\.svg)\)/g)].map(
    ([, target = '']) => new URL(target, new URL(path, root)).href,
  )

test('every picture is shown, and what is shown is there', () => {
  const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root })
  const shown = new Set(documents.flatMap(shownIn))
  expect([...shown].filter((href) => !existsSync(new URL(href)))).toEqual([])
  const all = pictures.map(([name]) => new URL(name, pictureFolder).href)
  expect(all.filter((href) => !shown.has(href))).toEqual([])
})

// The tags that are open where a text ends, and what is wrong before that.
const openTags = (svg: string): string[] => {
  const open: string[] = []
  for (const [, closes, name = '', rest = ''] of svg.matchAll(/<(\/?)([a-z]+)((?:\s[^<>]*)?)>/g)) {
    expect(rest.replace(/^(?:\s[\w:-]+="[^"<&]*")*\/?$/, '')).toBe('')
    if (closes) expect(open.pop()).toBe(name)
    else if (!rest.endsWith('/')) open.push(name)
  }
  return open
}

test.each(pictures)('%s is well-formed', (_name, svg) => {
  expect(openTags(svg)).toEqual([])
  const text = svg.replace(/<[^<>]*>/g, '')
  expect(text).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot);)|[^\P{Cc}\n]/u)
})

test.each(pictures)('%s is small, and tells of no machine', (_name, svg) => {
  expect(Buffer.byteLength(svg)).toBeLessThan(60_000)
  // Of folders only throw-away ones.
  const folders = svg.match(/(?<=[\s>"'])\/\w+(?:\/[\w.-]+)+/g) ?? []
  expect(
    folders.filter((path) => !/^\/(?:tmp\/(?:dsp|dispatch-demo)-\w+\/work|bin\/bash)/.test(path)),
  ).toEqual([])
  expect(svg).not.toMatch(/\w@\w|file:|https?:\/\/(?!www\.w3\.org\/2000\/svg")/)
})

const columnsOf = (op: string): string[] => {
  const { meta } = describeRouter(appRouter).ops.find(({ path }) => path === op) ?? {}
  const view = meta?.cliMeta?.view
  if (view?.kind !== 'table') throw new Error(`${op} has no table`)
  return view.columns.map(({ title }) => title)
}

const textOf = (name: string): string =>
  readFileSync(new URL(name, pictureFolder), 'utf8').replaceAll(/<[^>]*>/g, '|')

test.each(['demo.svg', 'list.svg'])('%s has the columns of list', (name) => {
  for (const title of columnsOf('list')) expect(textOf(name)).toContain(`|${title}|`)
})
