// The links of a document to other files of the workspace.
import { anchorOf } from './field-list.ts'
import { type Document, proseOf } from './documents.ts'

/** A link: the path of its target from the root of the workspace, and the heading, '' for none. */
export type Link = { from: string; target: string; anchor: string }

/** The anchors of a document's headings. */
export const anchorsOf = (text: string): Set<string> =>
  new Set([...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title)))

/** The links to files of the workspace; those with a scheme are left out. */
export const linksOf = ({ path, text }: Document): Link[] =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const url = new URL(target, `file:///${path}`)
      return {
        from: path,
        target: decodeURIComponent(url.pathname.slice(1)),
        anchor: url.hash.slice(1),
      }
    })
