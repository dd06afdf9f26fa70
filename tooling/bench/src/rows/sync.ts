// Reading a rollout of a gigabyte, beside JSON.parse of each of its lines; and reading it again.
import { growRollout, parseLines } from '../floors/rollout.ts'
import { check, connect, type Ground, makeShippedWorld, type Row, up } from '../ground.ts'
import { cpuOfBench, cpuOfThreads, residentMb } from '../measure/cpu.ts'
import { type Finding, judgeRatio, judgeValue } from '../measure/finding.ts'
import { measurePairs } from '../measure/pairs.ts'
import { spreadOf } from '../measure/statistics.ts'

const BYTES = 1_000_000_000
const QUICK_BYTES = 10_000_000
/** Of a gigabyte: a pair takes many seconds. */
const PAIRS = { blocks: 1, pairsPerBlock: 5 }

const measure = async (ground: Ground): Promise<Finding[]> => {
  const { quick } = ground.plan
  await using world = await makeShippedWorld(ground)
  await up(world)
  await using client = connect(world)
  const { pid } = await client.api.daemon.status({})
  const { id, ref } = await client.api.new({ name: 'large', text: 'reply: done', wait: true })
  await client.api.detach({ lane: ref })
  const attach = async (): Promise<string> => (await client.api.attach({ thread: id })).ref
  const first = await client.api.sync({ lane: await attach() })
  const file = first.sync.sourcePath
  if (file === null) throw new Error('the thread has no rollout')
  const lines = growRollout(file, quick ? QUICK_BYTES : BYTES)

  const growth: number[] = []
  const again: number[] = []
  const pairs = await measurePairs(quick ? ground.plan : { ...ground.plan, ...PAIRS }, {
    figure: async () => {
      await client.api.detach({ lane: id })
      const lane = await attach()
      const [before, cpu] = [residentMb(pid), cpuOfThreads(pid)]
      const start = performance.now()
      const { sync, bytesRead, badLines } = await client.api.sync({ lane, full: true })
      const sample = { value: performance.now() - start, cpuMs: cpuOfThreads(pid) - cpu }
      check(sync.state === 'complete' && badLines === 0, JSON.stringify({ sync, badLines }))
      check(bytesRead === sync.sourceSize, `${bytesRead} bytes of ${sync.sourceSize}`)
      growth.push(residentMb(pid) - before)
      again.push((await client.api.sync({ lane, full: true })).bytesRead)
      return sample
    },
    floor: async () => {
      const cpu = cpuOfBench()
      const start = performance.now()
      const parsed = await parseLines(file)
      const sample = { value: performance.now() - start, cpuMs: cpuOfBench() - cpu }
      check(parsed > lines, `${parsed} lines of ${lines}`)
      return sample
    },
  })
  const checked = 'its state is complete, all bytes were read, no line was bad'
  return [
    judgeRatio(
      {
        row: 'sync',
        what: `sync --full of a rollout of ${quick ? QUICK_BYTES : BYTES} bytes, against JSON.parse of each line`,
        unit: 'ms',
        checked,
      },
      pairs,
      { most: 1.3 },
    ),
    judgeValue(
      { row: 'sync-memory', what: 'growth of the daemon by it', unit: 'MB', checked },
      { figure: spreadOf(growth) },
      { most: 64, of: 'p99' },
    ),
    judgeValue(
      { row: 'sync-again', what: 'bytes that the next sync reads', unit: 'bytes', checked },
      { figure: spreadOf(again) },
      { most: 524_288, of: 'p99' },
    ),
  ]
}

/** A large rollout. */
export const sync: Row = { name: 'sync', run: measure }
