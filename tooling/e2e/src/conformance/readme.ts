// The README of the predecessor.
import type { Part } from './entry.ts'

const notPublished = 'There is no package in a registry yet.'

export const readme: readonly Part[] = [
  {
    title: 'readme: after installing',
    commands: 6,
    entries: [
      {
        line: 'uv tool install outfitter-dispatch',
        promise: 'installs both programs',
        later: notPublished,
        lacks: 'pyproject.toml',
      },
      { line: 'dispatch --help', promise: 'lists the commands', prints: 'Usage: dispatch COMMAND' },
      { line: 'dispatchd --help', promise: 'says how it is run', prints: 'dispatchd run' },
      {
        line: 'dispatch doctor',
        promise: 'looks at everything, with an App Server on trial; fails only where a check fails',
        proof: 'all that doctor looks at',
      },
      { line: 'dispatch up --json', promise: 'starts the daemon', gives: { status: 'started' } },
      { line: 'dispatch down --json', promise: 'ends it', gives: { status: 'stopped' } },
    ],
  },
  {
    title: 'readme: from a checkout',
    commands: 6,
    entries: [
      { line: 'uv sync', promise: 'installs', later: notPublished, lacks: 'uv.lock' },
      { line: 'dispatch --help', again: true },
      {
        line: 'dispatch doctor --no-app-server',
        promise: 'looks at everything but an App Server, and does not fail for that',
        proof: 'all that doctor looks at',
      },
      {
        line: 'dispatch models --no-refresh',
        promise: 'answers from what was seen before; nothing yet is an answer too',
        gives: { source: 'registry', catalogState: 'empty', models: [] },
      },
      {
        line: 'dispatch up --json',
        promise: 'does no harm to a daemon that runs',
        gives: { status: 'already_running' },
      },
      {
        line: 'dispatch daemon status',
        promise: 'says how it stands',
        gives: { status: 'running', lanes: { total: 0, busy: 0 } },
      },
    ],
  },
  {
    title: 'readme: a first lane',
    commands: 6,
    entries: [
      {
        line: `dispatch new \\
          --name docs \\
          --cwd /path/to/dispatch \\
          --goal "Finish the docs review." \\
          --text "Please summarize the current stack state."`,
        promise: 'makes a lane with a native goal and gives it its first message',
        gives: {
          handle: '@docs',
          title: '[dispatch] docs',
          source: 'own',
          managed: true,
          cwd: '/path/to/dispatch',
          messageAccepted: true,
          goalSet: true,
        },
        keeps: { '<dispatch-ref>': 'ref', '<thread-id>': 'id' },
        proof: 'the goal is worked on after the message',
      },
      { line: 'dispatch list', promise: 'shows the lane', proof: 'it is listed' },
      {
        line: 'dispatch get <dispatch-ref>',
        promise: 'shows the lane and its latest turn',
        gives: { ref: '<dispatch-ref>', latestTurn: { status: 'completed' }, writable: true },
      },
      {
        line: 'dispatch tail <dispatch-ref> --limit 20',
        promise: 'shows the newest 20 items of its history, oldest first',
        proof: 'the history has the message',
      },
      {
        line: 'dispatch daemon log --limit 10',
        promise: 'shows who did what',
        proof: 'the making of a lane is logged',
      },
      { line: 'dispatch down --json', promise: 'ends the daemon', gives: { status: 'stopped' } },
    ],
  },
  {
    title: 'readme: what lanes are called, and what acceptance means',
    commands: 0,
    entries: [
      {
        beside: true,
        line: 'dispatch get <thread-id>',
        promise: 'a thread id is taken everywhere in full',
        gives: { ref: '<dispatch-ref>' },
      },
      {
        beside: true,
        line: 'dispatch get @docs',
        promise: 'so is a handle',
        gives: { ref: '<dispatch-ref>' },
      },
      {
        beside: true,
        line: 'dispatch new --name failing --text "fail: http 400"',
        promise: 'a message may be accepted although nothing comes of it',
        gives: { messageAccepted: true },
        proof: 'the turn fails and says why',
      },
    ],
  },
]
