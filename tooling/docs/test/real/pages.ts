// The tests of pages: each block of shell examples is one, played in the order of the page.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDocuments } from '../../src/documents.ts'
import { shellBlocksOf, type TypedLine } from '../../src/shell-blocks.ts'
import { notPlayed } from './not-played.ts'
import { tomlOf } from './place.ts'
import { makeStage, type Stage } from './stage.ts'

const listed = new Set(Object.values(notPlayed).flat())

const isPlayed = ({ text }: TypedLine): boolean => !listed.has(text)

const documents = readDocuments()
const presets = documents.filter(({ path }) => path === 'docs/configuration.md').flatMap(tomlOf)[0]

/** Declares the tests of those pages whose path fits. */
export const testPages = (fits: (path: string) => boolean): void => {
  const pages = documents
    .filter(({ path }) => fits(path))
    .map((page) => {
      const blocks = shellBlocksOf(page).filter(({ lines }) => lines.some(isPlayed))
      return { path: page.path, page, blocks }
    })
    .filter(({ blocks }) => blocks.length > 0)

  describe.each(pages)('$path', ({ page, blocks }) => {
    let stage: Stage
    beforeAll(async () => {
      stage = await makeStage(page, presets ?? '')
    })
    afterAll(() => stage[Symbol.asyncDispose]())

    test.each(blocks.map((block) => [block.lines[0]?.number, block.heading, block] as const))(
      'line %i: %s',
      async (_number, _heading, block) => {
        await expect(stage.play(block, block.lines.filter(isPlayed))).resolves.toBeUndefined()
      },
    )
  })
}
