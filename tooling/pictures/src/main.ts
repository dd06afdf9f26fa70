// `pnpm run pictures`: runs dispatch in a pseudo-terminal and draws docs/pictures anew. Times, ids and
// temporary folders differ from run to run; a test holds what must not.
import { writeFileSync } from 'node:fs'
import { makeWorld } from '@dispatch/e2e'
import { pictureFolder } from './folder.ts'
import { type Picture, takeDemo, takeLanes } from './takes/takes.ts'

const save = ({ name, svg }: Picture): void => {
  writeFileSync(new URL(name, pictureFolder), svg)
  process.stdout.write(`docs/pictures/${name}: ${Math.ceil(svg.length / 1_000)} kB\n`)
}

await using world = await makeWorld()
save(await takeDemo(world))
for (const picture of await takeLanes(world)) save(picture)
