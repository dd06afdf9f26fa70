// A hundred lanes at once, one trivial turn each, on the real Codex with a simulated model, beside a
// bare client that makes the same calls. Both keep their lanes for all pairs.
import type { CodexClient, CodexNotification } from '@dispatch/codex-client'
import type { World } from '@dispatch/e2e'
import { type BareCodex, startBareCodex } from '../floors/bare-codex.ts'
import {
  check,
  connect,
  type Ground,
  makeLanes,
  makeShippedWorld,
  type Row,
  up,
} from '../ground.ts'
import { cpuOfBench, cpuOfProcess } from '../measure/cpu.ts'
import { type Finding, judgeRatio, judgeValue } from '../measure/finding.ts'
import { measurePairs, type Sample } from '../measure/pairs.ts'
import { spreadOf } from '../measure/statistics.ts'

const LANES = 100
const MESSAGE = 'reply: done'

type Side = { turns(): Promise<void>; pids: readonly number[] }

const cpuOfAll = (pids: readonly number[]): number =>
  pids.reduce((total, pid) => total + cpuOfProcess(pid), 0)

const timed = async ({ turns, pids }: Side): Promise<Sample> => {
  const before = cpuOfAll(pids) + cpuOfBench()
  const start = performance.now()
  await turns()
  const value = performance.now() - start
  return { value, cpuMs: cpuOfAll(pids) + cpuOfBench() - before }
}

/** What ends turns, by thread. */
const makeEndings = () => {
  const waiting = new Map<string, (status: string) => void>()
  return {
    notify: ({ method, params }: CodexNotification): void => {
      if (method !== 'turn/completed') return
      waiting.get(params.threadId)?.(params.turn.status)
      waiting.delete(params.threadId)
    },
    of: (threadId: string) => new Promise<string>((resolve) => waiting.set(threadId, resolve)),
  }
}

const startThread = async (client: CodexClient, cwd: string, number: number): Promise<string> => {
  const { thread } = await client.request('thread/start', {
    cwd,
    config: { 'shell_environment_policy.inherit': 'core' },
    serviceName: 'dispatch',
    ephemeral: false,
  })
  await client.request('thread/name/set', { threadId: thread.id, name: `lane ${number}` })
  return thread.id
}

const bareSide = async (
  world: World,
  codex: BareCodex,
  endings: ReturnType<typeof makeEndings>,
) => {
  const { client, pid } = codex
  const threads = await Promise.all(
    Array.from({ length: LANES }, (_, number) => startThread(client, world.work, number)),
  )
  const turn = async (threadId: string): Promise<void> => {
    const ended = endings.of(threadId)
    await client.request('turn/start', {
      threadId,
      clientUserMessageId: crypto.randomUUID(),
      input: [{ type: 'text', text: MESSAGE, text_elements: [] }],
    })
    const status = await ended
    check(status === 'completed', `a bare turn ended ${status}`)
  }
  return {
    pids: [pid],
    turns: async () => void (await Promise.all(threads.map(turn))),
  }
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  await using world = await makeShippedWorld(ground)
  await using bareWorld = await makeShippedWorld(ground)
  const endings = makeEndings()
  await using codex = await startBareCodex({
    binary: world.env['DISPATCH_CODEX'] ?? '',
    root: bareWorld.work,
    codexHome: bareWorld.codexHome,
    env: bareWorld.env,
    onNotification: endings.notify,
  })
  const bare = await bareSide(bareWorld, codex, endings)

  await up(world)
  await using client = connect(world)
  const lanes = await makeLanes(client, LANES)
  const { pid, codex: server } = await client.api.daemon.status({})
  check(server.pid !== null, 'the daemon names its app-server')
  const codexPid = server.pid ?? 0
  const send = async (lane: string): Promise<void> => {
    const { error, lastMessage } = await client.api.send({ lane, text: MESSAGE, wait: true })
    check(
      error === null && lastMessage === 'done',
      `a turn: ${JSON.stringify(error)}, ${lastMessage}`,
    )
  }
  const shares: number[] = []
  const side: Side = {
    pids: [pid, codexPid],
    turns: async () => {
      const before = { daemon: cpuOfProcess(pid), codex: cpuOfProcess(codexPid) }
      await Promise.all(lanes.map(send))
      const daemon = cpuOfProcess(pid) - before.daemon
      shares.push((daemon / (cpuOfProcess(codexPid) - before.codex)) * 100)
    },
  }
  const pairs = await measurePairs(ground.plan, {
    figure: () => timed(side),
    floor: () => timed(bare),
  })
  const checked = `${LANES} turns a sample completed, each with its message`
  return [
    judgeRatio(
      {
        row: 'turns',
        what: `${LANES} lanes at once, one trivial turn each, against a bare client`,
        unit: 'ms',
        checked,
      },
      pairs,
      { most: 1.15 },
    ),
    judgeValue(
      {
        row: 'turns-cpu',
        what: 'CPU of the daemon in these turns, of that of its app-server',
        unit: '%',
        checked,
      },
      { figure: spreadOf(shares) },
      { most: 12, of: 'median' },
    ),
  ]
}

/** Many lanes at work. */
export const turns: Row = { name: 'turns', run: measure }
