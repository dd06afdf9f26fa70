// @dispatch/cli: what a build and other surfaces take from the CLI. The program itself is main.ts.
/** A command as data; see commands/command.ts. */
export type { Command, Field, Form } from './commands/command.ts'
/** The commands of a manifest: hidden ops left out, `--follow` folded in. Throws on a contract that the command line cannot say. */
export { foldManifest } from './commands/fold.ts'
/** The tables (commands, help texts, manifest) of a manifest, for one version of dispatch. */
export { manifestToTables } from './generate/tables.ts'
/** Writes tables as the files that main.ts reads from `generated/` beside it. */
export { writeTables } from './generate/write.ts'
export type { Tables } from './tables.ts'
