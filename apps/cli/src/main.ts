// The program: the process as an Io, the generated tables, and the ways to reach an op. The only
// reader of `process`. Never ends the process itself: what is still to be written would be cut.
import process from 'node:process'
import { processToIo } from './process-io.ts'
import { reach } from './reach.ts'
import { run } from './run.ts'
import { readTables } from './tables.ts'

process.exitCode = await run(
  processToIo(process),
  readTables(new URL('./generated/', import.meta.url)),
  reach,
)
