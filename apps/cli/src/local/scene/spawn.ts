// Runs the model simulator as a child: from the sources of its package, or its bundle beside ours.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { DispatchError } from '@dispatch/contract/errors'
import type { Scene } from './scene.ts'

/** What the model answers: lines of directives for messages that match. */
export type Rule = { match: string; lines: readonly string[] }

/** What the simulator is started with. */
export type SimulatorOptions = {
  execPath: string
  rules: readonly Rule[]
  /** Whose CODEX_HOME it prepares. */
  scene: Pick<Scene, 'root' | 'codexHome'>
}

const programOf = (here: string): string => {
  const path = here.endsWith('.ts')
    ? '../../../../../tooling/model-simulator/src/main.ts'
    : './simulator.js'
  return fileURLToPath(new URL(path, here))
}

/** Starts it and returns when the CODEX_HOME is prepared; disposing ends it. */
export const startSimulator = async (options: SimulatorOptions): Promise<AsyncDisposable> => {
  const { execPath, rules, scene } = options
  const file = join(scene.root, 'rules.json')
  await writeFile(file, JSON.stringify(rules))
  const child = spawn(
    execPath,
    [programOf(import.meta.url), '--scenario', file, '--codex-home', scene.codexHome],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = once(child, 'close')
  const simulator = {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended.catch(() => undefined)
    },
  }
  const said: string[] = []
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line)
    if (!line.startsWith('CODEX_HOME=')) continue
    child.stderr.resume()
    return simulator
  }
  await simulator[Symbol.asyncDispose]()
  throw new DispatchError('internal', `The simulated model did not start: ${said.join(' ')}`)
}
