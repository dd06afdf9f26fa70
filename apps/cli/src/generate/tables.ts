// A manifest as the tables of the CLI: the one function behind the generated files and the tests.
import { configFileSchema } from '@dispatch/contract'
import type { Manifest } from '@dispatch/contract/manifest'
import { foldManifest } from '../commands/fold.ts'
import { allHelp } from '../commands/help.ts'
import type { Tables } from '../tables.ts'

/** The tables of a manifest. */
export const manifestToTables = (manifest: Manifest, version: string): Tables => {
  const commands = foldManifest(manifest)
  const help = allHelp(commands)
  const config = configFileSchema()
  return {
    version,
    contract: manifest.hash,
    commands,
    help: () => help,
    manifest: () => manifest,
    config: () => config,
  }
}
