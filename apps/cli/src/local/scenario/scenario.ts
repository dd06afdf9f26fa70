// scenario: plays the lanes of a file on the real Codex, in throw-away homes, and checks what comes of
// them. With a simulated model, or with the caller's own login.
import { createDispatchClient, makeLifecycle, systemClock } from '@dispatch/client'
import type { Call, ScenarioInput, ScenarioResult } from '@dispatch/contract'
import { errorToBody } from '@dispatch/contract/errors'
import type { ScenarioFile } from '@dispatch/contract/scenario-file'
import { clientOptions } from '../../connection/client-options.ts'
import type { Setting } from '../../execute.ts'
import { beginDaemon, endDaemon } from '../scene/daemon.ts'
import { makeScene, type Scene } from '../scene/scene.ts'
import { type Rule, startSimulator } from '../scene/spawn.ts'
import { checksToError, playedToChecks } from './checks.ts'
import { readScenario } from './file.ts'
import { type Played, playLane, type Stage } from './lane.ts'
import { lendLogin } from './login.ts'
import { chooseModel } from './model.ts'

const SECONDS = 180

type Play = { setting: Setting; scenario: ScenarioFile; input: ScenarioInput; call: Call }

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

const rulesOf = ({ lanes }: ScenarioFile): Rule[] =>
  lanes.flatMap(({ prompt, simulated }) =>
    simulated === undefined
      ? []
      : [{ match: `^${escaped(prompt.trim())}\\s*$`, lines: simulated.split('\n') }],
  )

const lendModel = ({ setting: { io }, scenario, input }: Play, scene: Scene) =>
  input.real
    ? lendLogin(io, scene.codexHome)
    : startSimulator({ execPath: io.execPath, rules: rulesOf(scenario), scene })

const playLanes = async (scenario: ScenarioFile, stage: Stage): Promise<Played[]> => {
  const { lanes, parallel = true } = scenario
  if (parallel) return Promise.all(lanes.map((lane) => playLane(lane, stage)))
  const played: Played[] = []
  for (const lane of lanes) played.push(await playLane(lane, stage))
  return played
}

const playIn = async (play: Play, scene: Scene): Promise<Played[]> => {
  const {
    setting,
    scenario,
    input,
    call: { signal },
  } = play
  await using _model = await lendModel(play, scene)
  const options = { ...clientOptions(setting), env: scene.env, cwd: scene.work }
  const life = makeLifecycle(options)
  await using _down = { [Symbol.asyncDispose]: () => endDaemon(life) }
  await beginDaemon(life, { command: 'scenario', signal })
  await using client = createDispatchClient(options)
  const choice = input.real ? chooseModel(scenario, await client.api.models({}, { signal })) : {}
  const seconds = input.timeoutSeconds ?? scenario.timeout_seconds ?? SECONDS
  const end = systemClock.monotonic() + seconds * 1_000
  const left = (): number => Math.max(0, (end - systemClock.monotonic()) / 1_000)
  return await playLanes(scenario, { client, cwd: scene.work, choice, left, signal })
}

const toLane = ({ lane, made, waited }: Played): ScenarioResult['lanes'][number] => ({
  alias: lane.alias,
  ref: made?.ref ?? null,
  id: made?.id ?? null,
  handle: made?.handle ?? null,
  outcome: waited?.lanes[0]?.outcome ?? null,
  lastMessage: waited?.lanes[0]?.lastMessage ?? null,
})

const fallbackNotes = (
  { preferred_model: preferred }: ScenarioFile,
  { input, model }: { input: ScenarioInput; model: string | null },
): string[] =>
  input.real && preferred !== undefined && model !== null && model !== preferred
    ? [`Codex does not offer ${preferred}; played on ${model}.`]
    : []

/** Plays a scenario and cleans up after it; the homes of one that failed are kept. */
export const playScenario = async (
  setting: Setting,
  input: ScenarioInput,
  call: Call,
): Promise<ScenarioResult> => {
  const begun = systemClock.monotonic()
  const scenario = readScenario(input.file)
  await using scene = await makeScene(setting.io.env, 'scenario')
  const played = await playIn({ setting, scenario, input, call }, scene)
  const within = `DISPATCH_HOME=${scene.home} CODEX_HOME=${scene.codexHome}`
  const checks = played.flatMap((one) => playedToChecks(one, within))
  const error = checksToError(checks, `${within} dispatch daemon logs`)
  const model = played.find(({ made }) => made?.model)?.made?.model ?? null
  const isKept = error !== null || input.keepHome === true
  if (isKept) scene.keep()
  return {
    scenario: scenario.name,
    description: scenario.description ?? null,
    file: input.file,
    status: error === null ? 'ok' : 'fail',
    codex: input.real ? 'real' : 'simulated',
    model,
    durationMs: Math.round(systemClock.monotonic() - begun),
    lanes: played.map(toLane),
    checks: checks.map(({ code: _code, ...check }) => check),
    kept: isKept ? scene.root : null,
    notes: [
      ...fallbackNotes(scenario, { input, model }),
      ...(isKept ? [`The homes are kept in ${scene.root}.`] : []),
    ],
    error: error === null ? null : errorToBody(error),
  }
}
