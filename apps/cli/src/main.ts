// The program: the process as an Io, the generated tables, and the ways to reach an op. The only
// reader of `process`, as a global: an import of node:process reads every getter of it, 5 ms. Never
// ends the process itself but after Ctrl-C: what is still to be written would be cut.
import { INTERRUPTED } from './execute.ts'
import { processToIo } from './process-io.ts'
import { reach } from './reach.ts'
import { run } from './run.ts'
import { readTables } from './tables.ts'

// No await at the top: bundled, what is loaded late imports from the chunk of this module, and would
// wait for it for ever.
void run(processToIo(process), readTables(new URL('./generated/', import.meta.url)), reach).then(
  (status) => {
    process.exitCode = status
    // Whoever breaks off waits for nothing: no daemon that starts, no writer of a file or of stdin.
    if (status === INTERRUPTED) process.exit()
  },
)
