// One caller among many: starts the daemon where none runs, calls it, and says who answered.
import { createDispatchClient } from '../src/index.ts'

const [dispatchd = '', home = ''] = process.argv.slice(2)
const client = createDispatchClient({
  home,
  daemon: { command: process.execPath, args: [dispatchd] },
})
const { pid } = await client.api.daemon.status({})
await client.close()
process.stdout.write(String(pid))
