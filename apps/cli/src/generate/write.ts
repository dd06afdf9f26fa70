// Writes the tables as the files that a run reads. Each is put in place whole, so that a run beside
// it never sees half a file.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { type Tables, tableFiles } from '../tables.ts'

/** Puts `text` into a file at once; `token` keeps concurrent writers apart. */
export const writeWhole = (file: URL, text: string, token: string): void => {
  const partial = new URL(`${file.href}.${token}`)
  writeFileSync(partial, text)
  renameSync(partial, file)
}

/** Writes the tables into a directory; its URL ends in a slash. */
export const writeTables = (tables: Tables, directory: URL, token: string): void => {
  mkdirSync(directory, { recursive: true })
  const { help, manifest, config, ...table } = tables
  writeWhole(new URL(tableFiles.manifest, directory), JSON.stringify(manifest()), token)
  writeWhole(new URL(tableFiles.config, directory), JSON.stringify(config()), token)
  writeWhole(new URL(tableFiles.help, directory), JSON.stringify(help()), token)
  writeWhole(new URL(tableFiles.commands, directory), JSON.stringify(table), token)
}
