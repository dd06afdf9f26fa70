// service install, uninstall, status: a file that lets the daemon start with the login of its user. The
// file is shown before it is written; nothing is started or ended.
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { platform, userInfo } from 'node:os'
import { dirname } from 'node:path'
import { createDispatchClient, makeDaemonEnv } from '@dispatch/client'
import type {
  Call,
  ServiceInstallInput,
  ServiceInstallResult,
  ServiceStatusResult,
  ServiceUninstallResult,
} from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import { fileFaultToWords } from '@dispatch/contract/file-faults'
import { clientOptions } from '../../connection/client-options.ts'
import type { Setting } from '../../execute.ts'
import { confirm } from '../../input/confirm.ts'
import { type Definition, MARK, placesOf } from './definition.ts'
import { type Place, placeOf } from './place.ts'

type Service = { place: Place; content: string }

const serviceOf = (setting: Setting): Service => {
  const { io, tables } = setting
  const options = clientOptions(setting)
  const { paths } = createDispatchClient(options)
  const around = { platform: platform(), homedir: io.homedir(), env: io.env, uid: userInfo().uid }
  const place = placeOf(paths.home, around)
  const definition: Definition = {
    name: place.name,
    version: tables.version,
    home: paths.home,
    command: [options.daemon.command, ...options.daemon.args, 'run'],
    env: placesOf(makeDaemonEnv({ env: options.env ?? io.env, cwd: io.cwd }, paths)),
  }
  return { place, content: place.text(definition) }
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

const acting = <T>(path: string, act: () => T): T => {
  try {
    return act()
  } catch (cause) {
    throw new DispatchError('validation', `${path}: ${fileFaultToWords(cause)}.`, {
      hint: 'dispatch service install --dry-run says what belongs there.',
      details: { path },
      cause,
    })
  }
}

/** What is in the file; null where there is none. Throws `conflict` where it is none of ours. */
const readOurs = ({ path }: Place): string | null => {
  if (!isThere(path)) return null
  const text = acting(path, () => readFileSync(path, 'utf8'))
  if (text.includes(MARK)) return text
  throw new DispatchError('conflict', `${path} was not made by dispatch; it is left alone.`, {
    hint: 'Move it away; dispatch service install --dry-run says what belongs there.',
    details: { path },
  })
}

// A reader never sees half of it, and a link in its place is replaced, not followed.
const write = ({
  path,
  content,
  random,
}: {
  path: string
  content: string
  random: number
}): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  const draft = `${path}.${Math.floor(random * 1e9)}`
  writeFileSync(draft, content, { mode: 0o644, flag: 'wx' })
  renameSync(draft, path)
}

const startNotes = ({ start }: Place): string[] => [
  `To start it, now and at each login: ${start.join(' && ')}`,
  'A daemon that runs already holds the home: dispatch down before that.',
]

/** Shows the file, asks, and writes it. */
export const installService = async (
  setting: Setting,
  { dryRun = false }: ServiceInstallInput,
  { signal }: Pick<Call, 'signal'>,
): Promise<ServiceInstallResult> => {
  const { io, invocation } = setting
  const { place, content } = serviceOf(setting)
  const { kind, name, path, start: next } = place
  const base = { kind, name, path, next }
  if (dryRun) return { status: 'planned', ...base, content, notes: [`It goes to ${path}.`] }
  const before = readOurs(place)
  const rest = { ...base, content: null, notes: startNotes(place) }
  if (before === content) return { status: 'unchanged', ...rest }
  if (io.terminal.stderr) io.writeError(content)
  const losses = [`Writes ${path}${before === null ? '' : ', in the place of an older one'}.`]
  await confirm(invocation, { io, signal, losses })
  acting(path, () => write({ path, content, random: io.random() }))
  return { status: 'installed', ...rest }
}

/** Removes the file, and the link that enabled it. */
export const uninstallService = (setting: Setting): ServiceUninstallResult => {
  const { place } = serviceOf(setting)
  const { kind, name, path, link, end } = place
  const found = readOurs(place) === null ? [] : [path]
  const removed = [...found, ...(link !== null && isThere(link) ? [link] : [])]
  for (const one of removed) acting(one, () => rmSync(one))
  const base = { kind, name, path, removed }
  if (removed.length === 0) return { status: 'not_installed', ...base, next: [], notes: [] }
  const notes = [
    `To make that known: ${end.join(' && ')}`,
    'A daemon that runs goes on: dispatch down ends it.',
  ]
  return { status: 'removed', ...base, next: end, notes }
}

const daemonOf = async (setting: Setting, signal: AbortSignal): Promise<number | null> => {
  await using client = createDispatchClient(clientOptions(setting))
  try {
    return (await client.api.daemon.status({}, { signal, autostart: false })).pid
  } catch (error) {
    if (error instanceof DispatchError && error.code === 'daemon_unreachable') return null
    throw error
  }
}

/** Says how it stands. */
export const readService = async (
  setting: Setting,
  { signal }: Pick<Call, 'signal'>,
): Promise<ServiceStatusResult> => {
  const { place, content } = serviceOf(setting)
  const { kind, name, path, link } = place
  const before = readOurs(place)
  const isCurrent = before === content
  return {
    ...{ kind, name, path },
    installed: before !== null,
    current: isCurrent,
    enabled: link === null ? null : isThere(link),
    pid: await daemonOf(setting, signal),
    notes:
      before !== null && !isCurrent ? ['It is another one than now: dispatch service install'] : [],
  }
}
