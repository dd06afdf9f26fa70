// Keeps tests away from the machine: HOME and TMPDIR are folders of the run, no variable of dispatch or
// Codex comes in, DISPATCH_CODEX is the pinned binary. Afterwards nobody may have used a default home.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { resolveCodexBinary } from '../../packages/codex-client/src/binary.ts'

const homes = ['.codex', '.dispatch']

const present = (home: string): string[] =>
  homes.map((name) => join(home, name)).filter((path) => existsSync(path))

/** What vitest calls before the first worker; it gets back what to call after the last. */
export const setup = (): (() => void) => {
  const before = present(homedir())
  const real = homedir()
  // Short: the paths of Unix sockets below it may have 103 bytes.
  const given = process.env['DISPATCH_TEST_FOLDER']
  const folder = given ?? mkdtempSync('/tmp/dt-')
  const home = join(folder, 'home')
  mkdirSync(home, { recursive: true })
  for (const name of Object.keys(process.env)) {
    if (/^(?:DISPATCH|CODEX|OPENAI)_/.test(name)) delete process.env[name]
  }
  Object.assign(process.env, {
    HOME: home,
    TMPDIR: folder,
    DISPATCH_CODEX: resolveCodexBinary(import.meta.filename),
  })
  return () => {
    const used = [...present(home), ...present(real).filter((path) => !before.includes(path))]
    if (given === undefined) rmSync(folder, { recursive: true, force: true })
    if (used.length > 0) throw new Error(`tests used a default home: ${used.join(', ')}`)
  }
}
