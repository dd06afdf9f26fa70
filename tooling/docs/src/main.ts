// `pnpm run docs`: writes docs/reference anew. A test compares the pages with what this would write.
import { writeFileSync } from 'node:fs'
import { referenceFolder, referencePages } from './reference.ts'

for (const [name, text] of Object.entries(referencePages())) {
  writeFileSync(new URL(name, referenceFolder), text)
  process.stdout.write(`docs/reference/${name}\n`)
}
