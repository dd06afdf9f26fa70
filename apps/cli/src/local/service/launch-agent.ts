// The launch agent of macOS. AbandonProcessGroup: the App Server and its turns outlive the daemon.
import { type Definition, MARK } from './definition.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const string = (text: string): string => `<string>${escaped(text)}</string>`

const key = (name: string, value: string): string => `  <key>${name}</key>\n  ${value}`

const dict = (entries: Readonly<Record<string, string>>): string =>
  `<dict>\n${Object.entries(entries)
    .map(([name, value]) => `    <key>${escaped(name)}</key>\n    ${value}\n`)
    .join('')}  </dict>`

const UMASK = 0o077

/** The text of the property list. */
export const launchAgent = ({ name, version, command, env }: Definition): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- ${MARK}, version ${version}. -->`,
    '<plist version="1.0">',
    '<dict>',
    key('Label', string(name)),
    key(
      'ProgramArguments',
      `<array>\n${command.map((one) => `    ${string(one)}\n`).join('')}  </array>`,
    ),
    key(
      'EnvironmentVariables',
      dict(Object.fromEntries(Object.entries(env).map(([name, value]) => [name, string(value)]))),
    ),
    key('RunAtLoad', '<true/>'),
    // After a crash, not after an end.
    key('KeepAlive', dict({ SuccessfulExit: '<false/>' })),
    key('AbandonProcessGroup', '<true/>'),
    key('Umask', `<integer>${UMASK}</integer>`),
    '</dict>',
    '</plist>',
    '',
  ].join('\n')
