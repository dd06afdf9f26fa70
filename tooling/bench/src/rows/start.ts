// Starts of the daemon: until a lane is accepted, and until it answers without a Codex.
import { startBareCodex } from '../floors/bare-codex.ts'
import { check, connect, down, type Ground, makeShippedWorld, type Row, up } from '../ground.ts'
import { type Finding, judgeExcess, judgeValue } from '../measure/finding.ts'
import { measurePairs, type Sample, valuesOf } from '../measure/pairs.ts'
import { timeNode } from '../measure/spawn.ts'
import { spreadOf } from '../measure/statistics.ts'

const timed = async (work: () => Promise<void>): Promise<Sample> => {
  const start = performance.now()
  await work()
  return { value: performance.now() - start, cpuMs: 0 }
}

const measureUp = async (ground: Ground): Promise<Finding[]> => {
  await using world = await makeShippedWorld(ground)
  await using bareWorld = await makeShippedWorld(ground)
  let number = 0
  const pairs = await measurePairs(ground.plan, {
    figure: async () => {
      number += 1
      await using client = connect(world, ground.shipped.dispatchd)
      const sample = await timed(async () => {
        const made = await client.api.new({ name: `lane ${number}`, text: 'reply: done' })
        check(made.messageAccepted, JSON.stringify(made))
      })
      await down(world)
      return sample
    },
    floor: async () => {
      const start = performance.now()
      await using _codex = await startBareCodex({
        binary: world.env['DISPATCH_CODEX'] ?? '',
        root: bareWorld.work,
        codexHome: bareWorld.codexHome,
        env: bareWorld.env,
      })
      return { value: performance.now() - start, cpuMs: 0 }
    },
  })
  return [
    judgeExcess(
      {
        row: 'up',
        what: 'no daemon, warm home, until new is accepted; against the app-server until its initialize',
        unit: 'ms',
        checked: 'the first message is durable in Codex',
      },
      pairs,
      250,
    ),
  ]
}

const measureDegraded = async (ground: Ground): Promise<Finding[]> => {
  await using world = await makeShippedWorld(ground, { codex: null })
  const bar = { most: 300, of: 'median' } as const
  const isDegraded = (status: string) => check(status === 'degraded', `status is ${status}`)
  const floor = () => timeNode({ args: ['-e', '0'], env: world.env, cwd: world.work })
  const cold = await measurePairs(ground.plan, {
    floor,
    figure: async () => {
      await using client = connect(world, ground.shipped.dispatchd)
      const sample = await timed(async () => {
        const { status } = await client.api.daemon.status({})
        isDegraded(status)
      })
      await down(world)
      return sample
    },
  })
  await up(world)
  const running = await measurePairs(ground.plan, {
    floor,
    figure: async () => {
      const args = [ground.shipped.dispatch, 'daemon', 'status', '--json']
      const found = await timeNode({ args, env: world.env, cwd: world.work })
      isDegraded((JSON.parse(found.stdout) as { status: string }).status)
      return found
    },
  })
  const judged = (row: string, what: string, pairs: typeof cold) =>
    judgeValue(
      { row, what, unit: 'ms', checked: 'the answer says degraded' },
      { figure: spreadOf(valuesOf(pairs.figure)), pairs },
      bar,
    )
  return [
    judged('degraded', 'dispatch daemon status, cold, no Codex; against node -e 0', running),
    judged('degraded-up', 'no daemon, no Codex, until daemon status is answered', cold),
  ]
}

/** Until a lane is accepted. */
export const start: Row = { name: 'up', run: measureUp }

/** Without a Codex. */
export const degraded: Row = { name: 'degraded', run: measureDegraded }
