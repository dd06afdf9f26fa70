import { expect, test } from 'vitest'
import { placesOf } from './definition.ts'
import { placeOf } from './place.ts'

const linux = { platform: 'linux', homedir: '/home/u', env: {}, uid: 1000 }
const mac = { ...linux, platform: 'darwin', homedir: '/Users/u' }

const strange = {
  version: '1.2.3',
  name: 'x',
  home: '/home/u/50% of "it"',
  command: ['/opt/my node/$bin', '/a "b"\\c.mjs', 'run'],
  env: { PATH: '/usr/bin:/50%', DISPATCH_HOME: '/home/u/<&>\n' },
}

test('each home has a service of its own, the usual one the plain name', () => {
  const usual = placeOf('/home/u/.dispatch', linux)
  expect(usual).toMatchObject({
    kind: 'systemd',
    name: 'dispatchd.service',
    path: '/home/u/.config/systemd/user/dispatchd.service',
    link: '/home/u/.config/systemd/user/default.target.wants/dispatchd.service',
  })
  const others = ['/a', '/b'].map((home) => placeOf(home, linux).name)
  expect(new Set([usual.name, ...others]).size).toBe(3)
  expect(others[0]).toMatch(/^dispatchd-[\da-f]{8}\.service$/)
  const moved = { ...linux, env: { XDG_CONFIG_HOME: '/elsewhere' } }
  expect(placeOf('/home/u/.dispatch', moved).path).toBe('/elsewhere/systemd/user/dispatchd.service')
  expect(placeOf('/Users/u/.dispatch', mac)).toMatchObject({
    kind: 'launchd',
    path: '/Users/u/Library/LaunchAgents/dev.outfitter.dispatchd.plist',
    link: null,
  })
  expect(() => placeOf('/a', { ...linux, platform: 'win32' })).toThrow('There is no service')
})

test('a unit ends the daemon alone, and what is unusual in a path stays what it is', () => {
  const text = placeOf('/a', linux).text(strange)
  const lines = text.split('\n')
  expect(lines).toContain('KillMode=process')
  expect(lines).toContain('Restart=on-failure')
  expect(lines).toContain('RestartPreventExitStatus=9 2')
  expect(lines).toContain(String.raw`ExecStart="/opt/my node/$$bin" "/a \"b\"\\c.mjs" "run"`)
  expect(lines).toContain('Environment="PATH=/usr/bin:/50%%"')
  expect(lines).toContain(String.raw`Environment="DISPATCH_HOME=/home/u/<&>\n"`)
  expect(text).not.toContain('WorkingDirectory')
  expect(placeOf('/a', linux).text({ ...strange, home: '/a' })).toContain('WorkingDirectory=-/a\n')
})

test('a launch agent is well-formed, and leaves the App Server alone', () => {
  const text = placeOf('/a', mac).text(strange)
  expect(text).toContain('<key>AbandonProcessGroup</key>\n  <true/>')
  expect(text).toContain('<string>/home/u/&lt;&amp;&gt;\n</string>')
  const tags = [...text.matchAll(/<(\/?)(plist|dict|array|key|string|integer)\b[^>]*>/g)]
  const open: string[] = []
  for (const [, end, tag = ''] of tags) {
    if (end === '/') expect(open.pop()).toBe(tag)
    else open.push(tag)
  }
  expect(open).toEqual([])
})

test('of the environment only where things are goes into a file', () => {
  const env = {
    PATH: '/bin',
    CODEX_HOME: '/c',
    OPENAI_API_KEY: 'secret',
    LANG: 'C',
    DISPATCH_DB: '',
  }
  expect(placesOf(env)).toEqual({ PATH: '/bin', CODEX_HOME: '/c' })
})
