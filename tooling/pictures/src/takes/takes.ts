// What is pictured: programs as a person runs them, in a real pseudo-terminal.
import { openScreen, type Screen, type World } from '@dispatch/e2e'
import { makeFilm, makeStill } from '../film.ts'
import { framesOf, lastScreen } from '../replay.ts'
import { startLanes } from './lanes.ts'

/** A picture by the name of its file. */
export type Picture = { name: string; svg: string }

const demoSize = { columns: 90, rows: 70 }
/** Rows of the demo that are seen at once. */
const DEMO_SEEN = 26

/** The demo from its beginning to its end. */
export const takeDemo = async (world: World): Promise<Picture> => {
  await using screen = world.screen(['demo'], demoSize)
  if ((await screen.ended) !== 0) throw new Error(`the demo failed:\n${screen.rows().join('\n')}`)
  const title = 'dispatch demo: three lanes at work at once'
  const frames = await framesOf(screen.writes(), demoSize)
  return {
    name: 'demo.svg',
    svg: makeFilm(frames, { title, columns: demoSize.columns, rows: DEMO_SEEN }),
  }
}

const size = { columns: 100, rows: 18 }

const still = async (name: string, title: string, screen: Screen): Promise<Picture> => ({
  name,
  svg: makeStill(await lastScreen(screen.writes(), size), { title, columns: size.columns }),
})

const takeList = async (world: World): Promise<Picture> => {
  const { env, ...bash } = world.script('')
  const shell = { ...bash, env: { ...env, PS1: '$ ' }, args: ['--noprofile', '--norc', '-i'] }
  await using screen = openScreen(shell, size)
  const prompts = (text: string): number =>
    text.split('\n').filter((row) => row.startsWith('$')).length
  await screen.shows((text) => prompts(text) === 1)
  for (const [at, command] of ['list', 'request list', 'trigger list'].entries()) {
    screen.type(`dispatch ${command}\r`)
    await screen.shows((text) => prompts(text) === at + 2)
  }
  return still('list.svg', 'dispatch list, request list and trigger list', screen)
}

const takeTop = async (screen: Screen): Promise<Picture[]> => {
  await screen.shows((text) => text.includes('./check'))
  const lanes = await still('top.svg', 'dispatch top: the list of lanes', screen)
  // Down to the last one.
  screen.type('\u001b[F\r')
  await screen.shows((text) => text.includes('Added --jobs'))
  return [lanes, await still('top-lane.svg', 'dispatch top: one lane', screen)]
}

/** Lanes in their states: as tables, and on the whole screen. */
export const takeLanes = async (world: World): Promise<Picture[]> => {
  await using top = world.screen(['top'], size)
  await top.shows((text) => text.includes('ready'))
  await startLanes(world)
  return [await takeList(world), ...(await takeTop(top))]
}
