// A fresh CODEX_HOME and the pinned Codex binary for tests against the real server. The model
// provider points at a closed port: nothing here asks a model.
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { resolveCodexBinary } from '../../src/binary.ts'

const CONFIG = `
model = "mock-model"
model_provider = "mock"
[model_providers.mock]
name = "mock"
base_url = "http://127.0.0.1:9/v1"
wire_api = "responses"
requires_openai_auth = false
request_max_retries = 0
stream_max_retries = 0
supports_websockets = false
`

export async function makeCodexHome() {
  const root = await mkdtemp(join(tmpdir(), 'codex-client-'))
  const socketPath = join(root, 'own.sock')
  await writeFile(join(root, 'config.toml'), CONFIG)
  return {
    root,
    socketPath,
    program: {
      binary: resolveCodexBinary(import.meta.filename),
      codexHome: root,
      cwd: root,
      env: { PATH: '/usr/bin:/bin', HOME: root },
      stderr: 'ignore' as const,
    },
    async [Symbol.asyncDispose]() {
      // The path is a link into a folder of the user's; a killed server leaves its socket there.
      const socket = await readlink(socketPath).catch(() => undefined)
      if (socket !== undefined) await Promise.all([rm(socket), rm(`${socket}.lock`)])
      await rm(root, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export const clientInfo = { name: 'codex-client-test', title: 'Test', version: '0.0.0' }
