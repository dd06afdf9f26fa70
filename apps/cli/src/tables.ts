// The generated tables: commands, help texts and the manifest, as JSON files beside this module
// (`generated/`, in the sources and in the shipped bundle alike). Each is read when it is needed:
// parsing 30 kB of JSON costs 0.2 ms, a module of the same size some milliseconds.
import { readFileSync } from 'node:fs'
import type { JsonSchema, Manifest } from '@dispatch/contract/manifest'
import type { Command } from './commands/command.ts'

/** What a run always needs. */
export type CommandTable = {
  /** Version of dispatch. */
  version: string
  /** Hash of the contract that the commands were made from. */
  contract: string
  commands: Command[]
}

/** Everything that was generated. */
export type Tables = CommandTable & {
  /** Help texts by the words before `--help`. */
  help(): Record<string, string>
  manifest(): Manifest
  /** The JSON Schema of a configuration file. */
  config(): JsonSchema
}

/** Names of the generated files. */
export const tableFiles = {
  commands: 'commands.json',
  help: 'help.json',
  manifest: 'manifest.json',
  config: 'config.schema.json',
} as const

/** Reads the tables of a directory; its URL ends in a slash. */
export const readTables = (directory: URL): Tables => {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, directory), 'utf8'))
  return {
    ...(read(tableFiles.commands) as CommandTable),
    help: () => read(tableFiles.help) as Record<string, string>,
    manifest: () => read(tableFiles.manifest) as Manifest,
    config: () => read(tableFiles.config) as JsonSchema,
  }
}
