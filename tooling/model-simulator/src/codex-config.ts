/**
 * The configuration with which a Codex asks the simulator and nobody else: no account, no network,
 * no retries unless wanted.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface CodexConfigOptions {
  /** The simulator's URL. */
  url: string
  /** Any name: Codex warns that it does not know it and goes on. */
  model?: string
  /** Of a failed request and of a cut stream; 0 unless given. */
  retries?: number
  /** How long a stream may be silent; Codex's own default unless given. */
  streamIdleTimeoutMs?: number
  /** Lines for the top of the file, before any table. */
  extra?: string
}

/** The text of a config.toml. */
export function codexConfig(options: CodexConfigOptions): string {
  const { url, model = 'simulated-model', retries = 0, streamIdleTimeoutMs, extra } = options
  return [
    `model = ${JSON.stringify(model)}`,
    'model_provider = "simulator"',
    ...(extra === undefined ? [] : [extra]),
    '',
    '[model_providers.simulator]',
    'name = "simulator"',
    `base_url = ${JSON.stringify(url)}`,
    'wire_api = "responses"',
    'requires_openai_auth = false',
    `request_max_retries = ${retries}`,
    `stream_max_retries = ${retries}`,
    ...(streamIdleTimeoutMs === undefined
      ? []
      : [`stream_idle_timeout_ms = ${streamIdleTimeoutMs}`]),
    'supports_websockets = false',
    '',
  ].join('\n')
}

/**
 * Makes `directory` the CODEX_HOME of a Codex as most people have it, with its own provider, catalogue
 * and default model, and an API key; only what it asks reaches the simulator in the place of OpenAI.
 */
export async function prepareOpenaiHome(directory: string, url: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const config = [
    `openai_base_url = ${JSON.stringify(url)}`,
    '',
    '[analytics]',
    'enabled = false',
    '',
  ]
  await writeFile(join(directory, 'config.toml'), config.join('\n'))
  const login = { auth_mode: 'apikey', OPENAI_API_KEY: 'simulated' }
  await writeFile(join(directory, 'auth.json'), JSON.stringify(login), { mode: 0o600 })
  return directory
}

/** Makes `directory` a CODEX_HOME that asks the simulator; returns the directory. */
export async function prepareCodexHome(
  directory: string,
  options: CodexConfigOptions,
): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeFile(join(directory, 'config.toml'), codexConfig(options))
  return directory
}
