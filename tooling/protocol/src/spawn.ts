// Owns the one child process of the generator: `codex app-server generate-ts`. It knows nothing of
// where the result goes.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface GenerateRequest {
  readonly binary: string
  readonly outDir: string
  /** An existing directory: Codex refuses to start with a CODEX_HOME that is not there. */
  readonly codexHome: string
}

/** Writes Codex's own TypeScript bindings, the experimental ones included, to `outDir`. */
export async function generateBindings({ binary, outDir, codexHome }: GenerateRequest) {
  await run(binary, ['app-server', 'generate-ts', '--experimental', '--out', outDir], {
    env: { CODEX_HOME: codexHome },
  })
}
