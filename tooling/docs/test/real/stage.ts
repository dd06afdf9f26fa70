// Plays the shell examples of a page in a world of their own, in the order of the page, each shell as the
// lines before it left the world. What a page takes for granted is in preparations.ts.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeWorld } from '@dispatch/e2e'
import { rulesToScenario } from '@dispatch/model-simulator'
import { openStore } from '@dispatch/store'
import { makeUnjudged } from '@dispatch/store/testing/unjudged'
import type { Document } from '../../src/documents.ts'
import type { ShellBlock, TypedLine } from '../../src/shell-blocks.ts'
import { ending, isFollower, playFollower, playTyped, readScreen } from './foreground.ts'
import { checkout, makePlace, tomlOf, words } from './place.ts'
import type { Preparation } from './preparation.ts'
import { preparations } from './preparations.ts'
import { literal, shapeOf } from './shape.ts'

/** A page being played. */
export type Stage = AsyncDisposable & {
  /** Plays these lines of a block; throws with what the first that failed has said. */
  play(block: ShellBlock, lines: readonly TypedLine[]): Promise<void>
}

/** What a line that failed has said, as an error. */
const fault = ({ number, text }: TypedLine, said: string): Error =>
  new Error(`line ${number}: ${text}\n${said}`)

/** Makes the stage of a page; nothing of it was played yet. */
export const makeStage = async (page: Document, presets: string): Promise<Stage> => {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(await makeWorld())
  const place = await makePlace(world)
  const model = new URL(world.model.url).origin
  const ofPerson: Record<string, string> = {}
  const ofWords = { MODEL: model, PRESETS: presets, TOML: tomlOf(page).join('\n') }
  const call = { cwd: place, env: ofPerson }
  const ofPage = preparations[page.path] ?? []
  const begun = new Set<Preparation>()
  const stands = new Map([
    ['/path/to/the/checkout', checkout],
    ['/path/to/repo', place],
  ])

  const filled = (text: string): string =>
    [...stands].reduce((whole, [standIn, value]) => {
      const pattern = /^\w+$/.test(standIn) ? String.raw`\b${standIn}\b` : literal(standIn)
      return whole.replaceAll(new RegExp(pattern, 'g'), () => value)
    }, text)

  const prepare = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await world.bash(words + filled(script), {
      cwd: place,
      env: ofWords,
    })
    if (code !== 0) throw new Error(`prepared: ${script}\nexit ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }

  const apply = async (preparation: Preparation): Promise<void> => {
    const { says, given, unjudged, standIns = {}, env = {} } = preparation
    if (says) world.model.setScenario(rulesToScenario([...says]))
    if (given !== undefined) await prepare(given)
    for (const [standIn, command] of Object.entries(standIns)) {
      stands.set(standIn, await prepare(command))
    }
    for (const [name, command] of Object.entries(env)) ofPerson[name] = await prepare(command)
    if (unjudged !== undefined) {
      using store = openStore({ file: join(world.home, 'registry.db') })
      stands.set(unjudged, makeUnjudged(store))
    }
  }

  const begin = async (heading: string): Promise<void> => {
    for (const preparation of ofPage) {
      const { at = `# ${heading}` } = preparation
      if (at !== `# ${heading}` || begun.has(preparation)) continue
      begun.add(preparation)
      await apply(preparation)
    }
  }

  // One shell for lines that follow each other: what one sets the next has.
  const playTogether = async (lines: readonly TypedLine[]): Promise<void> => {
    if (lines.length === 0) return
    const file = join(world.root, 'said')
    const script = lines.map(
      ({ text }, at) => `{ ${filled(text)}\n} >'${file}' 2>&1 || { echo "${at} $?"; exit; }\n`,
    )
    const { stdout, stderr } = await world.bash(`set -o pipefail\n${script.join('')}`, call)
    if (stdout + stderr === '') return
    const [, at = '', code] = /^(\d+) (\d+)\n$/.exec(stdout) ?? []
    const line = lines[Number(at)]
    if (!line || code === undefined) throw new Error(stdout + stderr)
    throw fault(line, `exit ${code}: ${await readFile(file, 'utf8')}`)
  }

  const playShown = async (line: TypedLine): Promise<void> => {
    const program = world.script(`${filled(line.text)}\n${ending}`, {
      ...call,
      env: { ...ofPerson, NO_COLOR: '1' },
    })
    const { code, shown } = await readScreen(program)
    const wanted = line.shown.join('\n')
    const { pattern, isRefusal } = shapeOf(wanted, place)
    if ((code !== 0) === isRefusal && pattern.test(shown)) return
    throw fault(line, `exit ${code}; the page shows:\n${wanted}\nthe screen shows:\n${shown}`)
  }

  const play: Stage['play'] = async (block, lines) => {
    await begin(block.heading)
    let together: TypedLine[] = []
    for (const line of lines) {
      const before = ofPage.filter(({ at }) => at === line.text)
      const keys = before.find((preparation) => preparation.keys)?.keys
      const isAlone = block.isSession || isFollower(line) || keys
      if (before.length > 0 || isAlone) {
        await playTogether(together)
        together = []
      }
      for (const preparation of before) await apply(preparation)
      const program = world.script(`exec ${filled(line.text)}`, call)
      if (block.isSession) await playShown(line)
      else if (keys)
        await playTyped(program, keys).catch((error: unknown) => {
          throw fault(line, String(error))
        })
      else if (isFollower(line)) {
        const code = await playFollower(program)
        if (code !== 130) throw fault(line, `exit ${code}`)
      } else together.push(line)
    }
    await playTogether(together)
  }
  const owned = stack.move()
  return { play, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
