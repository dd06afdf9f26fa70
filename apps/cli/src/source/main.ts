// Where the bin enters when dispatch runs from its sources; the shipped bundle enters at ../main.ts.
import { freshenTables } from '../generate/fresh.ts'

await freshenTables(new URL('../generated/', import.meta.url), String(process.pid))
await import('../main.ts')
