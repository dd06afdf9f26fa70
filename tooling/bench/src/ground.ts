// What the rows stand on: worlds with the shipped bins, and a client of their daemons.
import { createDispatchClient, type DispatchClient } from '@dispatch/client'
import { makeWorld, type World, type WorldOptions } from '@dispatch/e2e'
import type { Finding } from './measure/finding.ts'
import type { Plan } from './measure/pairs.ts'
import type { Shipped } from './shipped.ts'

/** What a row is given. */
export type Ground = { plan: Plan; shipped: Shipped }

/** A row of the table, or some that share a world. */
export type Row = {
  /** For `--only`. */
  name: string
  run(ground: Ground): Promise<Finding[]>
}

/** A world that runs the shipped bins. */
export const makeShippedWorld = async (
  { shipped }: Ground,
  options: Omit<WorldOptions, 'bin'> = {},
): Promise<World> => {
  const bin = { command: process.execPath, args: [shipped.dispatch] }
  const world = await makeWorld({ ...options, bin })
  // It is for sources that are compiled at each start; people have none.
  delete world.env['NODE_COMPILE_CACHE']
  return world
}

/** Starts the daemon of a world, with that beside its environment. */
export const up = async (world: World, env: Record<string, string> = {}): Promise<void> => {
  const { code, stderr } = await world.dispatch(['up', '--json'], { env })
  if (code !== 0) throw new Error(`up ended with ${code}: ${stderr}`)
}

/** Ends the daemon of a world and its app-server. */
export const down = async (world: World): Promise<void> => {
  const { code, stderr } = await world.dispatch(['down', '--force', '--yes', '--json'])
  if (code !== 0) throw new Error(`down ended with ${code}: ${stderr}`)
}

/** Lets daemons live there as they do every day: what Node compiled of them is kept from the second on. */
export const useHome = async (world: World): Promise<void> => {
  for (let lives = 2; lives > 0; lives -= 1) {
    await up(world)
    await down(world)
  }
}

/** A client of the daemon of a world; it starts one only when it is told how. */
export const connect = (world: World, daemon?: string): DispatchClient =>
  createDispatchClient({
    env: world.env,
    cwd: world.work,
    ...(daemon === undefined ? {} : { daemon: { command: process.execPath, args: [daemon] } }),
  })

/** Lanes of a running daemon, made by it; their refs. */
export const makeLanes = (client: DispatchClient, count: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const { ref } = await client.api.new({ name: `lane ${number}`, send: false })
      return ref
    }),
  )

/** Throws what is wrong with the work of a row. */
export const check = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`the work was not done: ${what}`)
}
