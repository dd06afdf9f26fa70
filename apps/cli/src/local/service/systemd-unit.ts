// The user unit. KillMode=process: the App Server and its turns outlive a stop of the unit, as they do any
// other end of the daemon; `dispatch down` ends both.
import { errorCodes } from '@dispatch/contract/errors'
import { type Definition, MARK } from './definition.ts'

// In quotes a backslash escapes, and a percent sign begins a specifier everywhere.
const quoted = (text: string): string =>
  `"${text
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('%', '%%')}"`

// In a command a dollar sign begins a variable.
const word = (text: string): string => quoted(text).replaceAll('$', '$$$$')

// A path setting takes no quotes: what is unusual in it is left to the daemon, which goes there itself.
const directoryOf = (home: string): string[] =>
  /^[\w/.@+-]+$/.test(home) ? [`WorkingDirectory=-${home}`] : []

// A home that is held and an input that is wrong are so a moment later, too.
const FINAL = [errorCodes.conflict.exit, errorCodes.validation.exit]

/** The text of the unit. */
export const systemdUnit = ({ version, home, command, env }: Definition): string =>
  [
    `# ${MARK}, version ${version}.`,
    '[Unit]',
    `Description=dispatch daemon of ${home.replaceAll('%', '%%').replaceAll('\n', ' ')}`,
    'StartLimitIntervalSec=300',
    'StartLimitBurst=5',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${command.map(word).join(' ')}`,
    ...Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    ...directoryOf(home),
    'KillMode=process',
    'Restart=on-failure',
    'RestartSec=5',
    `RestartPreventExitStatus=${FINAL.join(' ')}`,
    'UMask=0077',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n')
