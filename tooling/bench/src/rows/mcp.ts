// `dispatch mcp` as hosts meet it: its start, its calls beside those of the typed client that is behind it,
// and the size of what every session is told of its tools.
import { fillRegistry } from '../floors/fixtures.ts'
import { connectMcp, initialize, type McpClient } from '../floors/mcp-client.ts'
import { check, connect, type Ground, makeShippedWorld, type Row, up } from '../ground.ts'
import { cpuOfBench, cpuOfThreads } from '../measure/cpu.ts'
import { type Finding, judgeRatio, judgeValue } from '../measure/finding.ts'
import { measurePairs, type Sample } from '../measure/pairs.ts'
import { timeNode } from '../measure/spawn.ts'
import { spreadOf, sum } from '../measure/statistics.ts'

const LANES = 100
const CALLS = 1_000
const IN_FLIGHT = 8

type World = Awaited<ReturnType<typeof makeShippedWorld>>
type Status = { pid: number; lanes: { total: number } }
type Call = () => Promise<Status>

// All that a session is told of tools, in bytes of its line.
const mostOf = { grouped: 96, each: 384 } as const

const statusBy = (client: McpClient): Call => {
  const asked = { name: 'dispatch_daemon_read', arguments: { op: 'status' } }
  return async () => {
    const result = await client.ask('tools/call', asked)
    return (result as { structuredContent: Status }).structuredContent
  }
}

// Calls a second, with the CPU of all who take part.
const rate = async (call: Call, pids: readonly number[]): Promise<Sample> => {
  const cpu = (): number => cpuOfBench() + sum(pids.map(cpuOfThreads))
  let begun = 0
  let answered = 0
  const work = async (): Promise<void> => {
    while (begun < CALLS) {
      begun += 1
      if ((await call()).lanes.total === LANES) answered += 1
    }
  }
  const before = cpu()
  const start = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  check(answered === CALLS, `${answered} answers of ${CALLS}`)
  return { value: (CALLS / (performance.now() - start)) * 1000, cpuMs: cpu() - before }
}

const measureStart = async ({ plan, shipped }: Ground, world: World): Promise<Finding> => {
  const at = { env: world.env, cwd: world.work }
  const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize })}\n`
  const pairs = await measurePairs(plan, {
    figure: async () => {
      const timed = await timeNode({ ...at, args: [shipped.dispatch, 'mcp'], input })
      check(timed.stdout.includes('"serverInfo"'), `dispatch mcp said ${timed.stdout}`)
      return timed
    },
    floor: () => timeNode({ ...at, args: ['-e', '0'] }),
  })
  return judgeRatio(
    {
      row: 'mcp-start',
      what: 'dispatch mcp, cold, until initialize is answered and it has ended with its input',
      unit: 'ms',
      checked: 'the answer names the server',
    },
    pairs,
    { most: 6 },
  )
}

const measureCalls = async (ground: Ground, world: World): Promise<Finding> => {
  await using client = connect(world)
  const direct: Call = async () => (await client.call('daemon.status', 'query', {})) as Status
  await using mcp = await connectMcp({
    args: [ground.shipped.dispatch, 'mcp'],
    env: world.env,
    cwd: world.work,
  })
  const { pid } = await direct()
  const pairs = await measurePairs(ground.plan, {
    figure: () => rate(statusBy(mcp), [pid, mcp.pid]),
    floor: () => rate(direct, [pid]),
  })
  return judgeRatio(
    {
      row: 'mcp-calls',
      what: `calls of daemon status by a tool, ${IN_FLIGHT} in flight, against the typed client`,
      unit: '/s',
      checked: `${CALLS} answers a sample, each with its ${LANES} lanes`,
    },
    pairs,
    { least: 0.1 },
  )
}

const measureSizes = async ({ shipped }: Ground, world: World): Promise<Finding[]> => {
  const findings: Finding[] = []
  for (const mode of ['grouped', 'each'] as const) {
    await using mcp = await connectMcp({
      args: [shipped.dispatch, 'mcp', '--tools', mode],
      env: world.env,
      cwd: world.work,
    })
    const list = (await mcp.ask('tools/list', {})) as { tools: { outputSchema: unknown }[] }
    const outputs = list.tools.map(({ outputSchema }) => outputSchema)
    const [all, told] = [list, outputs].map((one) => JSON.stringify(one).length / 1000)
    findings.push(
      judgeValue(
        {
          row: `mcp-tools-${mode}`,
          what: `what tools/list gives, ${mode}, beside what of it is of the answers`,
          unit: 'kB',
          checked: `${list.tools.length} tools`,
        },
        { figure: spreadOf([all ?? 0]), floor: spreadOf([told ?? 0]) },
        { most: mostOf[mode], of: 'median' },
      ),
    )
  }
  return findings
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  await using world = await makeShippedWorld(ground)
  fillRegistry(world, { lanes: LANES })
  await up(world)
  return [
    await measureStart(ground, world),
    await measureCalls(ground, world),
    ...(await measureSizes(ground, world)),
  ]
}

/** Start, calls and lists of tools of the MCP server. */
export const mcp: Row = { name: 'mcp', run: measure }
