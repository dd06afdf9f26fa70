// Cold processes of the shipped CLI beside a Node that does nothing.
import { fillRegistry } from '../floors/fixtures.ts'
import { check, type Ground, makeShippedWorld, type Row, up } from '../ground.ts'
import { type Finding, judgeRatio } from '../measure/finding.ts'
import { measurePairs } from '../measure/pairs.ts'
import { timeNode } from '../measure/spawn.ts'

const LANES = 100

type Command = {
  row: string
  args: readonly string[]
  most: number
  checked: string
  isDone: (stdout: string) => boolean
}

const lanesIn = (stdout: string): number => {
  const { lanes } = JSON.parse(stdout) as { lanes: unknown[] }
  return lanes.length
}

const commands: readonly Command[] = [
  {
    row: 'list',
    args: ['list', '--json'],
    most: 1.5,
    checked: 'a page of 50 lanes of 100',
    isDone: (stdout) => lanesIn(stdout) === 50,
  },
  {
    row: 'list-all',
    args: ['list', '--json', '--limit', '100'],
    most: 1.5,
    checked: '100 lanes of 100',
    isDone: (stdout) => lanesIn(stdout) === LANES,
  },
  {
    row: 'help',
    args: ['--help'],
    most: 2,
    checked: 'names send and list',
    isDone: (stdout) => /\bsend\b/.test(stdout) && /\blist\b/.test(stdout),
  },
  {
    row: 'send-help',
    args: ['send', '--help'],
    most: 2,
    checked: 'names --wait',
    isDone: (stdout) => stdout.includes('--wait'),
  },
]

const measure = async (ground: Ground): Promise<Finding[]> => {
  await using world = await makeShippedWorld(ground)
  fillRegistry(world, { lanes: LANES })
  await up(world)
  const at = { env: world.env, cwd: world.work }
  const findings: Finding[] = []
  for (const { row, args, most, checked, isDone } of commands) {
    const pairs = await measurePairs(ground.plan, {
      figure: async () => {
        const timed = await timeNode({ ...at, args: [ground.shipped.dispatch, ...args] })
        check(isDone(timed.stdout), `${args.join(' ')} printed ${timed.stdout}`)
        return timed
      },
      floor: () => timeNode({ ...at, args: ['-e', '0'] }),
    })
    const what = `dispatch ${args.join(' ')}, cold, against node -e 0`
    findings.push(judgeRatio({ row, what, unit: 'ms', checked }, pairs, { most }))
  }
  return findings
}

/** list, --help, send --help. */
export const commandStart: Row = { name: 'command', run: measure }
