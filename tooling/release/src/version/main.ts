// `pnpm version-up`: raises the version by the notes in `.changeset` and takes them into the changelog;
// `--show` prints the version that is there, `--notes` what the changelog says of it.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getReleasePlan } from '@changesets/get-release-plan'
import { addSection, type Note, notesToSection, sectionOf } from './changelog.ts'
import { today } from './clock.ts'
import { workspace } from '../layout.ts'
import { raisePlugin, releaseVersion } from '../manifest.ts'
import { runProgram } from '../spawn.ts'

const path = join(workspace, 'CHANGELOG.md')

const raise = async (): Promise<void> => {
  const { changesets } = await getReleasePlan(workspace)
  const notes = changesets.flatMap(({ summary, releases }): Note[] => {
    const raises = (['major', 'minor', 'patch'] as const).find((kind) =>
      releases.some(({ type }) => type === kind),
    )
    return raises === undefined ? [] : [{ raises, summary }]
  })
  if (notes.length === 0) throw new Error('There is no note in .changeset: pnpm exec changeset')
  await runProgram('changeset', ['version'])
  await raisePlugin()
  const version = await releaseVersion()
  const changelog = await readFile(path, 'utf8')
  await writeFile(path, addSection(changelog, notesToSection(version, today(), notes)))
  process.stdout.write(`${version}\n`)
}

const printNotes = async (): Promise<void> => {
  const version = await releaseVersion()
  const section = sectionOf(await readFile(path, 'utf8'), version)
  if (section === null) throw new Error(`CHANGELOG.md has no section for ${version}`)
  process.stdout.write(`${section}\n`)
}

const actions: Record<string, () => Promise<void>> = {
  '': raise,
  '--show': async () => void process.stdout.write(`${await releaseVersion()}\n`),
  '--notes': printNotes,
}

const action = actions[process.argv[2] ?? '']
if (!action) throw new Error(`${process.argv[2]}: expected nothing, --show or --notes`)
await action()
