// Writes the tables of the shipped bundle: `node src/generate/main.ts DIRECTORY VERSION`.
import { pathToFileURL } from 'node:url'
import { appRouter, describeRouter } from '@dispatch/contract'
import { manifestToTables } from './tables.ts'
import { writeTables } from './write.ts'

const [directory, version] = process.argv.slice(2)
if (directory === undefined || version === undefined) {
  process.stderr.write('usage: main.ts DIRECTORY VERSION\n')
  process.exitCode = 2
} else {
  const tables = manifestToTables(describeRouter(appRouter), version)
  writeTables(tables, pathToFileURL(`${directory.replace(/\/+$/, '')}/`), String(process.pid))
}
