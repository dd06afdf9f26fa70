// codex_binary, codex_auth, app_server, codex_methods: the Codex of this machine.
import { existsSync } from 'node:fs'
import { missingMethods, readCodexVersion } from '@dispatch/codex-client'
import type { Host } from '../host/host.ts'
import { type Finding, fail, ok, skipped, warn } from './check.ts'
import type { Trial } from './trial-server.ts'

/** The Codex that was looked for. */
export type CodexPlace = {
  host: Host
  /** The binary; or why there is none. */
  search: { binary: string } | { missing: string }
  /** How to get one. */
  hint: string
  home: { path: string; isDefault: boolean }
}

/** Whether it is there and runs. */
export const checkBinary = async ({ host, search, hint, home }: CodexPlace): Promise<Finding> => {
  if ('missing' in search) {
    return fail('Codex was not found.', { detail: search.missing, recovery: hint })
  }
  const { binary } = search
  try {
    const version = await readCodexVersion({ binary, codexHome: home.path, env: host.env })
    return ok(`Codex ${version}.`, { data: { path: binary, version } })
  } catch (error) {
    return fail('Codex was found but does not run.', {
      detail: error instanceof Error ? error.message : String(error),
      recovery: `${binary} --version, and repair what it says`,
      data: { path: binary, version: null },
    })
  }
}

const authFiles = ['auth.json', 'credentials.json']
const authVariables = ['OPENAI_API_KEY', 'CODEX_API_KEY', 'CODEX_ACCESS_TOKEN']

/** Whether Codex has what it needs to sign in, by the presence of it alone: nothing of it is read. */
export const checkAuth = ({ host, home }: CodexPlace, trial: Trial | null): Finding => {
  const files = authFiles.map((name) => `${home.path}/${name}`).filter(existsSync)
  const variables = authVariables.filter((name) => host.env[name])
  const account = trial && 'account' in trial ? trial.account : null
  const data = { codexHome: home.path, files, variables, account }
  if (files.length > 0) return ok(`There is ${files.join(', ')}.`, { data })
  if (account?.known) return ok('Codex says that it is signed in.', { data })
  if (account?.required === false) {
    return ok('The model provider that is configured needs no sign-in.', { data })
  }
  if (variables.length > 0) return ok(`${variables.join(', ')} is set.`, { data })
  return warn('No sign-in of Codex was found.', { recovery: 'codex login', data })
}

/** Whether an App Server comes up, by the trial of one. */
export const checkServer = (trial: Trial | null, why: string): Finding => {
  if (trial === null) return skipped(why)
  if ('failure' in trial) {
    return fail('The App Server does not come up.', {
      detail: [trial.failure, trial.stderr].filter(Boolean).join('\n'),
      recovery: 'codex app-server --listen stdio:// in this shell, and repair what it says',
    })
  }
  const { userAgent, version, codexHome } = trial
  return ok('The App Server comes up and answers.', { data: { userAgent, version, codexHome } })
}

/** Whether it offers the methods that dispatch calls. */
export const checkMethods = (trial: Trial | null): Finding => {
  if (trial === null || 'failure' in trial) return skipped('No App Server was asked.')
  if (trial.methods === null) {
    return warn('This Codex does not say which methods it has.', {
      recovery: 'Update Codex, or dispatch: they are too far apart.',
    })
  }
  const missing = missingMethods(trial.methods)
  const data = { offered: trial.methods.length, ...missing }
  if (missing.needed.length > 0) {
    return fail('This Codex lacks methods that dispatch cannot do without.', {
      detail: missing.needed.join(', '),
      recovery: 'Update Codex: npm install -g @openai/codex, then dispatch restart --codex',
      data,
    })
  }
  if (missing.optional.length > 0) {
    return warn('This Codex lacks methods: the ops that use them are refused.', {
      detail: missing.optional.join(', '),
      recovery: 'Update Codex: npm install -g @openai/codex, then dispatch restart --codex',
      data,
    })
  }
  return ok('This Codex has every method that dispatch calls.', { data })
}
