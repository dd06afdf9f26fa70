// demo: the main job, played on the real Codex with a simulated model in a throw-away home. It drives
// the product as any program would, through the client, and shows the command that a person types.
import { createDispatchClient, type DispatchClient, makeLifecycle } from '@dispatch/client'
import type { Call, DemoInput, DemoResult, DispatchEvent } from '@dispatch/contract'
import { clientOptions } from '../../connection/client-options.ts'
import type { Setting } from '../../execute.ts'
import { renderAnswer } from '../../output/view.ts'
import { beginDaemon, endDaemon } from '../scene/daemon.ts'
import { makeScene, type Scene } from '../scene/scene.ts'
import { startSimulator } from '../scene/spawn.ts'
import { type Audience, makeAudience } from './audience.ts'
import { type Board, makeBoard } from './board.ts'
import { followUp, parts, rules } from './script.ts'

type Play = {
  setting: Setting
  client: DispatchClient
  board: Board
  scene: Scene
  signal: AbortSignal
}

const prompt = (command: string): string => `\n$ dispatch ${command}\n`

const ofLane =
  (handle: string, ...types: string[]) =>
  (event: DispatchEvent): boolean =>
    event.lane?.handle === handle && types.includes(event.type)

// An answer as the command would print it on a terminal.
const answerText = ({ setting }: Play, op: string, value: unknown): string => {
  const command = setting.tables.commands.find(({ plain }) => plain.op === op)
  const { io } = setting
  const screen = {
    columns: Math.min(io.columns, 100),
    color: false,
    now: io.now(),
    isFile: false,
  }
  return command ? renderAnswer(value, command.plain.view, screen) : ''
}

const startLanes = async ({ client, board, scene, signal }: Play): Promise<void> => {
  for (const { name, text } of parts) {
    await board.say(prompt(`new --name ${name} --text "${text}"`))
    await client.api.new({ name, text, cwd: scene.work }, { signal })
  }
}

const followOn = async (play: Play): Promise<void> => {
  const { client, board, signal } = play
  await board.say(prompt(`send @docs "${followUp}" --wait`))
  const answer = await client.api.send({ lane: '@docs', text: followUp, wait: true }, { signal })
  await board.say(answerText(play, 'send', answer))
}

const stopTheSlowOne = async (play: Play, audience: Audience): Promise<void> => {
  const { client, board, signal } = play
  await audience.saw(ofLane('@refactor', 'item.delta'))
  await board.say(prompt('stop @refactor'))
  await board.say(
    answerText(play, 'stop', await client.api.stop({ lane: '@refactor' }, { signal })),
  )
  await audience.saw(ofLane('@refactor', 'turn.interrupted'))
}

const lookBack = async (play: Play): Promise<void> => {
  const { client, board, signal } = play
  board.settle()
  await board.say(prompt('tail @docs'))
  await board.say(answerText(play, 'tail', await client.api.tail({ lane: '@docs' }, { signal })))
  await board.say(prompt('list'))
  await board.say(answerText(play, 'list', await client.api.list({}, { signal })))
}

const act = async (play: Play): Promise<void> => {
  {
    await using audience = makeAudience(play.client, play.board, play.signal)
    await startLanes(play)
    await audience.saw(ofLane('@docs', 'turn.completed'))
    await audience.saw(ofLane('@tests', 'turn.completed'))
    await followOn(play)
    await stopTheSlowOne(play, audience)
  }
  await lookBack(play)
}

/** Plays the demo and cleans up after it, however it ends. */
export const playDemo = async (
  setting: Setting,
  { keep = false }: DemoInput,
  call: Call,
): Promise<DemoResult> => {
  const board = makeBoard(setting.io)
  const { signal } = call
  await using scene = await makeScene(setting.io.env, 'demo')
  if (keep) scene.keep()
  await using _simulator = await startSimulator({ execPath: setting.io.execPath, rules, scene })
  const options = { ...clientOptions(setting), env: scene.env, cwd: scene.work }
  const life = makeLifecycle(options)
  await using down = { [Symbol.asyncDispose]: () => endDaemon(life) }
  await board.say(prompt('up'))
  const up = await beginDaemon(life, { command: 'demo', signal })
  await board.say(`  ${up.status}, Codex ${up.codex}\n`)
  await using client = createDispatchClient(options)
  await act({ setting, client, board, scene, signal })
  await board.say(prompt('down'))
  await down[Symbol.asyncDispose]()
  const place = keep ? `Kept: ${scene.root}` : 'The throw-away home is gone.'
  return { transcript: `\nThree lanes at work at once, on the real Codex. ${place}\n` }
}
