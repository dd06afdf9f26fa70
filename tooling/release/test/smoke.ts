// `pnpm smoke [SPEC]`: installs the package globally, as its users do, and plays the main job with it on the
// Node that runs this. SPEC is what npm understands, such as `outfitter-dispatch@0.1.0`; without one it is the
// built package. Run after each release on every machine that is promised; ends with 1 where one step fails.
import { deepEqual, equal, match } from 'node:assert/strict'
import { makeInstallation } from './installation.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

const spec = process.argv[2]
await using installed = await makeInstallation(
  spec === undefined ? { globally: true } : { globally: true, spec },
)
const { dispatch, run } = installed
say(`installed: ${(await run('dispatch', '--version')).stdout.trim()} on Node ${process.version}`)

const steps: Record<string, () => Promise<void>> = {
  'dispatchd is there': async () => equal((await run('dispatchd', '--help')).status, 0),
  'the daemon starts': async () => {
    const { status } = (await dispatch('up')) as { status: string }
    equal(status, 'started')
  },
  'a lane answers': async () => {
    const made = await dispatch('new', '--name', 'docs', '--text', 'reply: first', '--wait')
    equal((made as { lastMessage: string }).lastMessage, 'first')
  },
  'its history is read': async () => {
    const { items } = (await dispatch('tail', '@docs')) as { items: { text: string }[] }
    deepEqual(items.at(-1)?.text, 'first')
  },
  'a lane that is not there is refused': async () => {
    const { status, stderr } = await run('dispatch', 'get', '@none')
    equal(status, 4)
    match(stderr, /not_found/)
  },
  'the daemon ends': async () => {
    const { status } = (await dispatch('down')) as { status: string }
    equal(status, 'stopped')
  },
}

for (const [name, step] of Object.entries(steps)) {
  await step()
  say(`ok: ${name}`)
}
