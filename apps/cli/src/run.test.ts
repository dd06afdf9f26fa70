import { DispatchError } from '@dispatch/contract/errors'
import { describe, expect, test } from 'vitest'
import { run } from './run.ts'
import { type FakeIoOptions, makeFakeIo } from './testing/fake-io.ts'
import { makeFakeReach, realTables } from './testing/fake-reach.ts'

type Answer = Parameters<typeof makeFakeReach>[0]

const play = async (argv: string[], answer: Answer, options: FakeIoOptions = {}) => {
  const io = makeFakeIo({ ...options, argv })
  const reach = makeFakeReach(answer)
  const status = await run(io, realTables, reach)
  return { io, status, out: io.out, err: io.err, asked: reach.asked }
}

const lane = {
  ref: '0k7M4a',
  id: '0190',
  handle: '@docs',
  title: '[repo] docs',
  status: 'idle',
  cwd: '/repo',
  latestTurn: { status: 'completed' },
  updatedAt: '2026-03-01T11:57:00.000Z',
}

const lost = async function* () {
  yield { n: 1 }
  yield { n: 2 }
}

describe('output', () => {
  test('off a terminal: one JSON document in one line', async () => {
    const { out, status, err } = await play(['list'], () => ({ lanes: [lane], nextCursor: null }))
    expect(status).toBe(0)
    expect(err).toBe('')
    expect(out.trimEnd()).not.toContain('\n')
    expect(JSON.parse(out)).toEqual({ lanes: [lane], nextCursor: null })
  })

  test('a stream is one JSON object a line', async () => {
    const { out, asked } = await play(['watch', '--follow'], () => lost())
    expect(out).toBe('{"n":1}\n{"n":2}\n')
    expect(asked).toEqual([{ op: 'watchFollow', input: {} }])
  })

  test('on a terminal: a table; --json prints JSON there too', async () => {
    const answer = () => ({ lanes: [lane], nextCursor: 'c1' })
    const text = await play(['list'], answer, { terminal: true, env: { NO_COLOR: '1' } })
    expect(text.out).toBe(
      [
        'REF     HANDLE  STATUS  LAST TURN  UPDATED  CWD',
        '0k7M4a  @docs   idle    completed  3m ago   /repo',
        '',
      ].join('\n'),
    )
    expect(text.err).toBe('note: there is more: --cursor c1\n')
    const json = await play(['list', '--json'], answer, { terminal: true })
    expect(JSON.parse(json.out)).toEqual(answer())
  })

  test('on a terminal lists begin with who needs a person; --json and a pipe change nothing', async () => {
    const answer = () => ({ lanes: [], sessions: [], nextCursor: null })
    const inputOf = async (argv: string[], terminal: boolean) =>
      (await play(argv, answer, { terminal })).asked[0]?.input
    expect(await inputOf(['list'], true)).toEqual({ order: 'attention' })
    expect(await inputOf(['list', '--order', 'newest'], true)).toEqual({ order: 'newest' })
    expect(await inputOf(['list', '--json'], true)).toEqual({})
    expect(await inputOf(['list', '--unmanaged'], true)).toEqual({})
    expect(await inputOf(['list'], false)).toEqual({})
    expect(await inputOf(['list', '--output', 'text'], false)).toEqual({})
  })

  test('--json and --output text are refused together', async () => {
    for (const argv of [
      ['list', '--json', '--output', 'text'],
      ['doctor', '--text', '--json'],
    ]) {
      const { status, out, err, asked } = await play(argv, () => ({ lanes: [] }))
      expect({ status, out, asked }).toEqual({ status: 2, out: '', asked: [] })
      expect(JSON.parse(err)).toMatchObject({ error: { code: 'usage' } })
    }
    const same = await play(['list', '--json', '--output', 'json'], () => ({ lanes: [] }))
    expect(same.status).toBe(0)
  })

  test('--output text off a terminal has no colours', async () => {
    const { out } = await play(['list', '--output', 'text'], () => ({ lanes: [lane] }))
    expect(out).toContain('@docs')
    expect(out).not.toContain('\u001b')
  })

  test('--text is a switch of down, its errors included, and a message of new', async () => {
    const answer = { status: 'stopped', pid: 7, codexPid: null, removed: [] }
    const local = { down: async () => answer }
    const down = async (argv: string[], services: object) => {
      const io = makeFakeIo({ argv })
      const status = await run(
        io,
        realTables,
        makeFakeReach(() => null, services),
      )
      return { status, out: io.out, err: io.err }
    }
    expect((await down(['down', '--text'], local)).out).toMatch(/^status +stopped\n/)
    const refusing = { down: () => Promise.reject(new DispatchError('lane_busy', 'It works.')) }
    expect((await down(['down', '--text'], refusing)).err).toBe('dispatch: It works.\n')
    expect(JSON.parse((await down(['down'], refusing)).err).error.code).toBe('lane_busy')
    const { asked } = await play(['new', '--name', 'a', '--text', 'hi'], () => ({}))
    expect(asked).toMatchObject([{ op: 'new', input: { text: 'hi' } }])
  })

  test('an empty table says what to do', async () => {
    const { out } = await play(['list'], () => ({ lanes: [] }), { terminal: true })
    expect(out).toMatch(/^No lanes here/)
  })
})

describe('errors', () => {
  test.each([
    ['validation', 2],
    ['timeout', 3],
    ['not_found', 4],
    ['lane_busy', 5],
    ['approval_required', 6],
    ['authority', 7],
    ['app_server', 8],
    ['conflict', 9],
    ['turn_failed', 10],
    ['internal', 1],
  ] as const)('%s exits %i, with the body on stderr and nothing on stdout', async (code, exit) => {
    const { status, out, err } = await play(['get', '@x'], () => {
      throw new DispatchError(code, 'It went wrong.', { hint: 'dispatch list' })
    })
    expect(status).toBe(exit)
    expect(out).toBe('')
    expect(JSON.parse(err).error).toMatchObject({
      code,
      message: 'It went wrong.',
      hint: 'dispatch list',
    })
  })

  test('a part of the lanes: each is told, and the first one that failed sets the status', async () => {
    const error = {
      code: 'lane_busy',
      message: 'Full.',
      hint: 'wait',
      retryable: true,
      details: null,
    }
    const answer = {
      lanes: [
        {
          to: '@docs',
          lane,
          delivery: { id: 'r1', state: 'queued' },
          notes: ['It is held.'],
          error: null,
        },
        { to: '@fix', lane: null, delivery: null, notes: [], error },
      ],
      error: { ...error, message: '1 of 2 lanes did not take the message. @fix: Full.' },
    }
    const argv = ['send', '--to', '@docs', '--to', '@fix', '--queue', 'hi']
    const json = await play(argv, () => answer)
    expect(json.asked).toEqual([
      { op: 'sendTo', input: { to: ['@docs', '@fix'], text: 'hi', mode: 'queue' } },
    ])
    expect(json.status).toBe(5)
    expect(JSON.parse(json.out)).toEqual(answer)
    expect(JSON.parse(json.err)).toEqual({ error: answer.error })
    const text = await play([...argv, '--no-color'], () => answer, { terminal: true })
    expect(text.out).toMatch(
      /@docs +0k7M4a +queued +r1 +It is held\. +-\n@fix +- +- +- +- +Full\.\n/,
    )
    expect(text.err).toContain('1 of 2 lanes did not take the message. @fix: Full.\nhint: wait\n')
    const { status } = await play(argv, () => ({ ...answer, error: null }))
    expect(status).toBe(0)
  })

  test('text on a terminal, control characters made visible', async () => {
    const { err } = await play(
      ['get', '@x'],
      () => {
        throw new DispatchError('validation', 'Two lanes \u001b[2J match.', {
          hint: 'Name one.',
          details: { candidates: [lane] },
        })
      },
      { terminal: true },
    )
    expect(err).toBe(
      'dispatch: Two lanes ␛[2J match.\n  0k7M4a  @docs  [repo] docs\nhint: Name one.\n',
    )
  })

  test('a wrong flag is usage, names the nearest and calls nothing', async () => {
    const { status, err, asked } = await play(['send', '@x', 'hi', '--wiat'], () => ({}))
    expect(status).toBe(2)
    expect(asked).toEqual([])
    expect(JSON.parse(err).error).toMatchObject({ code: 'usage', hint: 'Did you mean --wait?' })
  })

  test('a flag for what stands alone says how it is typed, and none with another meaning', async () => {
    for (const argv of [['--text', 'Hello'], ['--text=Hello']]) {
      const { status, err, asked } = await play(['send', '@x', ...argv], () => ({}))
      expect({ status, asked }).toEqual({ status: 2, asked: [] })
      expect(JSON.parse(err).error).toMatchObject({
        message: "Unknown option '--text'.",
        hint: 'The text stands alone, without --text: dispatch send LANE TEXT',
      })
    }
    const { err } = await play(['send', '@x', 'hi', '--test', '--json'], () => ({}))
    expect(JSON.parse(err).error.hint).toBe('dispatch send --help')
  })

  test('a wrong flag is named before flags that are missing', async () => {
    const { err } = await play(['new', '--nam', 'x', '--output', 'text'], () => ({}))
    expect(err).toBe("dispatch: Unknown option '--nam'.\nhint: Did you mean --name?\n")
    const missing = await play(['new', '--output', 'text'], () => ({}))
    expect(missing.err).toBe('dispatch: Missing: --name.\nhint: dispatch new --help\n')
    const both = await play(['send', '--wiat', '--output', 'text'], () => ({}))
    expect(both.err).toContain('--wiat')
  })

  test('an empty home is refused, also where nothing is called', async () => {
    for (const argv of [['list'], ['up'], ['daemon', 'logs']]) {
      const { status, err, asked } = await play([...argv, '--home', '', '--json'], () => ({}))
      expect({ status, asked }).toEqual({ status: 2, asked: [] })
      expect(JSON.parse(err).error).toMatchObject({
        code: 'usage',
        message: '--home is empty: name a directory.',
      })
    }
  })

  test('a wrong flag after --output text is reported as text', async () => {
    const { err } = await play(['list', '--output', 'text', '--nope'], () => ({}))
    expect(err).toMatch(/^dispatch: Unknown option '--nope'/)
  })

  test('a verdict prints its result on stdout and its error on stderr', async () => {
    const error = {
      code: 'turn_failed',
      message: 'No.',
      hint: null,
      retryable: false,
      details: null,
    }
    const answer = { met: false, lanes: [], error }
    const { status, out, err } = await play(['wait', '@x'], () => answer)
    expect(status).toBe(10)
    expect(JSON.parse(out)).toEqual(answer)
    expect(JSON.parse(err)).toEqual({ error })
  })
})

describe('destroying', () => {
  const answer = () => ({ ...lane, notes: [] })

  test('off a terminal it needs --yes', async () => {
    const refused = await play(['archive', '@x'], answer)
    expect(refused).toMatchObject({ status: 2, asked: [] })
    expect(JSON.parse(refused.err).error.code).toBe('usage')
    expect(await play(['archive', '@x', '--yes'], answer)).toMatchObject({ status: 0 })
  })

  test('on a terminal it asks on stderr; no is an error', async () => {
    const terminal = { terminal: true }
    const yes = await play(['archive', '@x'], answer, { ...terminal, lines: ['y'] })
    expect(yes).toMatchObject({ status: 0, asked: [{ op: 'archive', input: { lane: '@x' } }] })
    expect(yes.err).toContain('dispatch archive @x: Archive a lane. Go on? [y/N]')
    const no = await play(['archive', '@x'], answer, { ...terminal, lines: [''] })
    expect(no).toMatchObject({ status: 1, asked: [] })
    expect(await play(['archive', '@x'], answer, terminal)).toMatchObject({ status: 1, asked: [] })
  })

  test('what is planned first is asked only where it destroys, and says what is lost', async () => {
    const planned = (destroys: boolean) => (asked: { op: string }) =>
      asked.op === 'detachPlan' ? { destroys, losses: ['2 triggers.'] } : answer()
    const refused = await play(['detach', '@x'], planned(true))
    expect(refused).toMatchObject({ status: 2, asked: [{ op: 'detachPlan' }] })
    expect(refused.err).toContain('2 triggers.')
    const asked = await play(['detach', '@x'], planned(true), { terminal: true, lines: ['y'] })
    expect(asked.err).toContain('2 triggers. Go on? [y/N]')
    expect(asked.asked.map(({ op }) => op)).toEqual(['detachPlan', 'detach'])
    expect((await play(['detach', '@x'], planned(false))).status).toBe(0)
    const yes = await play(['detach', '@x', '--yes'], planned(true))
    expect(yes.asked.map(({ op }) => op)).toEqual(['detach'])
  })

  test('--no-interactive on a terminal needs --yes', async () => {
    const { status } = await play(['archive', '@x', '--no-interactive'], answer, { terminal: true })
    expect(status).toBe(2)
  })

  test('a write with --force needs it too', async () => {
    const plan = () => ({ destroys: true, losses: ['2 turns are cut: @a, @b.'] })
    const refused = await play(['down', '--force'], plan)
    expect(refused).toMatchObject({ status: 2, asked: [{ op: 'daemon.shutdownPlan' }] })
    expect(refused.err).toContain('2 turns are cut: @a, @b.')
    // A daemon that cannot be asked can be ended all the same.
    const silent = (): never => {
      throw new DispatchError('daemon_unreachable', 'It does not answer.')
    }
    expect(await play(['down', '--force'], silent)).toMatchObject({ status: 2 })
  })
})

describe('ending', () => {
  const untilAborted = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  test('Ctrl-C ends a wait with 130 and without a word', async () => {
    const io = makeFakeIo({ argv: ['wait', '@x'] })
    const reach = makeFakeReach((_asked, signal) => {
      queueMicrotask(() => io.interrupt())
      return untilAborted(signal)
    })
    expect(await run(io, realTables, reach)).toBe(130)
    expect(io.out + io.err).toBe('')
  })

  const breakOff = async (argv: string[], trace: object, options: FakeIoOptions = {}) => {
    const io = makeFakeIo({ argv, ...options })
    const reach = makeFakeReach(({ op }, signal) => {
      if (op === 'trace') return trace
      queueMicrotask(() => io.interrupt())
      return untilAborted(signal)
    })
    const status = await run(io, realTables, reach)
    return { status, err: io.err, out: io.out, asked: reach.asked.map(({ op }) => op) }
  }
  const delivery = { id: 'receipt-1', state: 'accepted' }
  const busy = { ...lane, status: 'busy' }

  test('Ctrl-C in a call that writes names the lane and the receipt on stderr', async () => {
    const send = ['send', '@docs', 'hi', '--wait']
    const sent = await breakOff([...send, '--output', 'text'], { lane: busy, delivery })
    expect(sent).toEqual({
      status: 130,
      out: '',
      err: 'note: @docs (0k7M4a); its turn goes on: dispatch wait 0k7M4a; receipt receipt-1 (accepted)\n',
      asked: ['send', 'trace'],
    })
    const json = await breakOff(send, { lane: busy, delivery })
    expect(JSON.parse(json.err)).toEqual({ interrupted: { op: 'send', lane: busy, delivery } })
    const ran = await breakOff(['run', 'hi', '--output', 'text'], { lane: busy, delivery: null })
    expect(ran.err).toBe('note: @docs (0k7M4a); its turn is being stopped\n')
    const several = ['send', '--to', '@docs', '--to', '@fix', '--queue', 'hi', '--output', 'text']
    const messages = [
      { lane, delivery: { id: 'r1', state: 'queued' } },
      { lane: { ...lane, handle: '@fix' }, delivery },
    ]
    const taken = await breakOff(several, { lane: null, delivery: null, messages })
    expect(taken.err).toBe(
      'note: @docs (0k7M4a) receipt r1 (queued); @fix (0k7M4a) receipt receipt-1 (accepted)\n',
    )
    const all = Array.from({ length: 12 }, () => ({ lane, delivery }))
    const many = await breakOff(several, { lane: null, delivery: null, messages: all })
    expect(many.err).toMatch(/; and 2 lanes more\n$/)
    const nothing = await breakOff(send, { lane: null, delivery: null, messages: [] })
    expect(nothing).toMatchObject({ status: 130, err: '' })
  })

  test('a second Ctrl-C waits for no answer', async () => {
    const io = makeFakeIo({ argv: ['send', '@docs', 'hi'] })
    const reach = makeFakeReach((_asked, signal) => {
      queueMicrotask(() => io.interrupt())
      return untilAborted(signal)
    })
    expect(await run(io, realTables, reach)).toBe(130)
    expect(io.err).toBe('')
  })

  test('a reader that goes away ends a stream quietly', async () => {
    const io = makeFakeIo({ argv: ['watch', '--follow'] })
    const reach = makeFakeReach(async function* () {
      yield { n: 1 }
      io.close()
      yield { n: 2 }
      throw new Error('was read on')
    })
    expect(await run(io, realTables, reach)).toBe(0)
    expect(io.err).toBe('')
  })
})

describe('texts', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']], [['--json']]])(
    '%j is the help',
    async (argv) => {
      const { out, status } = await play(argv, () => ({}))
      expect(status).toBe(0)
      expect(out).toContain('Usage: dispatch COMMAND')
    },
  )

  test('--version', async () => {
    expect((await play(['--version'], () => ({}))).out).toBe('1.2.3\n')
    expect((await play(['list', '--version'], () => ({}))).out).toBe('1.2.3\n')
  })

  test('the help of a command, wherever it is asked', async () => {
    const direct = await play(['send', '--help'], () => ({}))
    expect(direct.out).toContain('Usage: dispatch send <lane> [text] [options]')
    expect((await play(['send', '@x', '--wait', '-h'], () => ({}))).out).toBe(direct.out)
    expect((await play(['help', 'send'], () => ({}))).out).toBe(direct.out)
  })
})

test('a flag that has no effect without another one is refused alone', async () => {
  const answer = () => ({ ...lane, delivery: {}, error: null })
  const alone = await play(['send', '@docs', 'hi', '--timeout', '5'], answer)
  expect(alone.status).toBe(2)
  expect(alone.asked).toEqual([])
  expect(alone.err).toContain('--timeout has no effect without --wait.')
  const both = await play(['send', '@docs', 'hi', '--wait', '--timeout', '5'], answer)
  expect(both.asked[0]?.input).toMatchObject({ wait: true, timeoutSeconds: 5 })
  expect((await play(['down', '--timeout', '5'], answer)).err).toContain('--drain')
  expect((await play(['run', 'hi', '--timeout', '5'], answer)).asked).toHaveLength(1)
  for (const { fields } of realTables.commands) {
    for (const { needs } of fields) {
      if (needs === undefined) continue
      expect(fields.find(({ name }) => name === needs)?.kind).toBe('boolean')
    }
  }
})

test('a group without its command: help where it stands alone, else a refusal', async () => {
  const answer = () => ({})
  const help = await play(['goal'], answer)
  expect(help).toMatchObject({ status: 0, err: '' })
  expect(help.out).toContain('dispatch goal')
  for (const argv of [
    ['goal', '--json'],
    ['queue', '--output', 'json'],
  ]) {
    const refused = await play(argv, answer)
    expect(refused).toMatchObject({ status: 2, out: '' })
    expect(JSON.parse(refused.err)).toMatchObject({ error: { code: 'usage' } })
  }
  expect((await play(['goal', '--json'], answer)).err).toContain('status, set, clear')
})

test('the goal of a lane is text on a terminal', async () => {
  const goal = { objective: 'Review it.', status: 'active', tokenBudget: null, tokensUsed: 3 }
  const shown = await play(
    ['goal', 'status', '@docs'],
    () => ({ ...lane, goal, origin: 'codex' }),
    {
      terminal: true,
      env: { NO_COLOR: '1' },
    },
  )
  expect(shown.out).toMatch(/^goal\n {2}objective +Review it\.\n {2}status +active\n/m)
})
