// Where the file of a service is, what is in it, and which commands of the system it goes with.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DispatchError } from '@dispatch/contract/errors'
import type { Definition } from './definition.ts'
import { launchAgent } from './launch-agent.ts'
import { systemdUnit } from './systemd-unit.ts'

/** What is known of the machine and its user. */
export type Surroundings = {
  platform: string
  homedir: string
  env: Readonly<Record<string, string | undefined>>
  uid: number
}

/** The file and what goes with it. */
export type Place = {
  kind: 'systemd' | 'launchd'
  name: string
  path: string
  /** The link that enables it; null where there is none to look at. */
  link: string | null
  text(definition: Definition): string
  /** Commands that start it, and those that make its end known. */
  start: string[]
  end: string[]
}

// The usual home has the plain name; the hash keeps those of others apart.
const suffixOf = (home: string, { homedir }: Surroundings): string =>
  home === join(homedir, '.dispatch')
    ? ''
    : `-${createHash('sha256').update(home).digest('hex').slice(0, 8)}`

const systemdPlace = (home: string, around: Surroundings): Place => {
  const name = `dispatchd${suffixOf(home, around)}.service`
  const folder = join(
    around.env['XDG_CONFIG_HOME'] || join(around.homedir, '.config'),
    'systemd/user',
  )
  return {
    kind: 'systemd',
    name,
    path: join(folder, name),
    link: join(folder, 'default.target.wants', name),
    text: systemdUnit,
    start: ['systemctl --user daemon-reload', `systemctl --user enable --now ${name}`],
    end: ['systemctl --user daemon-reload'],
  }
}

const launchdPlace = (home: string, around: Surroundings): Place => {
  const name = `dev.outfitter.dispatchd${suffixOf(home, around)}`
  const path = join(around.homedir, 'Library/LaunchAgents', `${name}.plist`)
  return {
    kind: 'launchd',
    name,
    path,
    link: null,
    text: launchAgent,
    start: [`launchctl bootstrap gui/${around.uid} '${path}'`],
    end: [`launchctl bootout gui/${around.uid}/${name}`],
  }
}

/** The place for the service of a home; throws `validation` where the platform has none. */
export const placeOf = (home: string, around: Surroundings): Place => {
  if (around.platform === 'linux') return systemdPlace(home, around)
  if (around.platform === 'darwin') return launchdPlace(home, around)
  throw new DispatchError('validation', `There is no service for ${around.platform}.`, {
    hint: 'dispatch up',
  })
}
