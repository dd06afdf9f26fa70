// The usage guide: installing, running, doctor and recovery, publishing.
import type { Part } from './entry.ts'

const notPublished = 'There is no package in a registry yet.'
const notPython = 'The checks of this project are run by pnpm.'
const isolated = 'DISPATCH_HOME=/tmp/dispatch-dev'

export const install: readonly Part[] = [
  {
    title: 'usage: install and run',
    commands: 22,
    entries: [
      { line: 'uv tool install outfitter-dispatch', again: true },
      { line: 'dispatch --help', again: true },
      { line: 'dispatchd --help', again: true },
      { line: 'dispatch doctor', again: true },
      {
        line: 'uv tool upgrade outfitter-dispatch',
        promise: 'upgrades',
        later: notPublished,
        lacks: 'pyproject.toml',
      },
      {
        line: 'uv tool uninstall outfitter-dispatch',
        promise: 'removes',
        later: notPublished,
        lacks: 'pyproject.toml',
      },
      { line: 'dispatch doctor', again: true },
      {
        line: 'dispatch schema send',
        promise: 'prints the schemas of a command',
        gives: { command: 'send' },
        proof: 'schemas of input and output',
      },
      { line: 'dispatch models --no-refresh', again: true },
      { line: 'dispatch up --json', again: true },
      { line: 'dispatch daemon status', again: true },
      { line: 'dispatch down --json', again: true },
      {
        line: 'just pypi-smoke -- --package-spec outfitter-dispatch==0.5.0',
        promise: 'tries the published package',
        later: notPublished,
        lacks: 'justfile',
      },
      {
        line: 'just scenario -- tests/scenarios/basic_coordination.toml',
        promise: 'plays a scenario with several lanes',
        tested: {
          file: 'apps/cli/test/scenario.test.ts',
          title: 'the example %s holds, and nothing is left behind',
        },
      },
      { line: 'uv sync', again: true },
      { line: 'dispatch --help', again: true },
      { line: 'dispatchd --help', again: true },
      { line: 'dispatch doctor --no-app-server', again: true },
      {
        line: 'dispatch up',
        promise: 'starts the one daemon of the home, unless it runs',
        gives: { status: 'already_running' },
      },
      { line: 'dispatch daemon status', again: true },
      {
        beside: true,
        line: 'dispatch doctor --no-app-server',
        promise: 'where nothing is wrong, it says ok, though no App Server was tried',
        gives: { status: 'ok', error: null },
      },
      {
        line: 'dispatchd run',
        env: { DISPATCH_HOME: '/tmp/dispatch-dev' },
        foreground: true,
        promise: 'serves in the foreground until Ctrl-C',
      },
      { line: 'dispatch down', promise: 'ends the daemon', gives: { status: 'stopped' } },
    ],
  },
  {
    title: 'usage: isolation',
    commands: 1,
    entries: [
      {
        line: `${isolated} dispatch up`,
        promise: 'everything is in the home that is named',
        gives: {
          status: 'started',
          socket: '/tmp/dispatch-dev/dispatchd.sock',
          pidfile: '/tmp/dispatch-dev/dispatchd.pid',
        },
      },
      {
        beside: true,
        line: `${isolated} dispatch list`,
        promise: 'another home has other lanes',
        gives: { lanes: [] },
      },
      {
        beside: true,
        line: `${isolated} dispatch down`,
        promise: 'it is ended by the same name',
        gives: { status: 'stopped' },
      },
      {
        beside: true,
        line: 'dispatch up',
        env: {
          DISPATCH_HOME: '/tmp/dispatch-other',
          DISPATCH_SOCKET: '/tmp/dispatch-files/s.sock',
          DISPATCH_DB: '/tmp/dispatch-files/r.db',
          DISPATCH_PIDFILE: '/tmp/dispatch-files/d.pid',
        },
        promise: 'socket, registry and pid file can be put elsewhere one by one',
        gives: {
          socket: '/tmp/dispatch-files/s.sock',
          pidfile: '/tmp/dispatch-files/d.pid',
        },
        proof: 'the files are there',
      },
      {
        beside: true,
        line: 'dispatch down',
        env: {
          DISPATCH_HOME: '/tmp/dispatch-other',
          DISPATCH_SOCKET: '/tmp/dispatch-files/s.sock',
          DISPATCH_DB: '/tmp/dispatch-files/r.db',
          DISPATCH_PIDFILE: '/tmp/dispatch-files/d.pid',
        },
        promise: 'and are found again by the same names',
        gives: { status: 'stopped' },
      },
    ],
  },
  {
    title: 'usage: doctor and recovery',
    commands: 3,
    entries: [
      { line: 'dispatch doctor', again: true },
      {
        line: 'dispatch doctor --text',
        promise: 'says it in text',
        prints: 'codex_binary: Codex ',
      },
      { line: 'dispatch doctor --no-app-server', again: true },
      {
        beside: true,
        line: 'dispatch doctor --no-app-server',
        env: { DISPATCH_CODEX: '/absent/codex' },
        promise: 'a check that fails is an exit status, and the answer is there all the same',
        exit: 8,
        gives: { status: 'fail', error: { code: 'app_server' } },
      },
      {
        beside: true,
        line: 'uv tool update-shell',
        promise: 'puts the programs on the path',
        later: notPublished,
        lacks: 'pyproject.toml',
      },
      { beside: true, line: 'codex --version', promise: 'Codex is there', prints: 'codex' },
      {
        beside: true,
        line: 'codex app-server --listen stdio://',
        promise: 'an App Server can be started by hand; it ends with its input',
      },
      {
        beside: true,
        line: 'dispatch up',
        promise: 'a daemon to lose',
        gives: { status: 'started' },
      },
      {
        beside: true,
        given: 'a daemon that was killed',
        line: 'dispatch down',
        promise: 'removes what a killed daemon left',
        gives: { status: 'stopped' },
      },
      {
        beside: true,
        line: 'dispatch registry migrate',
        promise: 'brings an older registry up to date, with the daemon down',
        gives: { status: 'ok', daemonRunning: false },
      },
      {
        beside: true,
        line: 'dispatch up',
        promise: 'the daemon starts again',
        gives: { status: 'started' },
      },
      {
        beside: true,
        line: 'dispatch registry migrate',
        promise: 'a registry that a daemon has open is left alone',
        refuses: 'conflict',
      },
      {
        beside: true,
        line: 'dispatch registry migrate --allow-running',
        promise: 'unless that is asked for',
        gives: { status: 'ok', daemonRunning: true },
      },
      {
        beside: true,
        line: 'dispatch registry migrate',
        promise: 'an older registry is copied before it is migrated',
        tested: {
          file: 'apps/daemon/test/registry/registry.test.ts',
          title: 'is migrated after a verified, private copy that can be put back',
        },
      },
    ],
  },
  {
    title: 'usage: publishing',
    commands: 1,
    entries: [
      { line: 'just check', promise: 'all checks', later: notPython, lacks: 'justfile' },
      {
        beside: true,
        line: 'just pypi-smoke -- --package-spec outfitter-dispatch==<version>',
        promise: 'tries the published package',
        later: notPublished,
        lacks: 'justfile',
      },
    ],
  },
]
