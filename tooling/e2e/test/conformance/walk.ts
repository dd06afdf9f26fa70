// Walks the lines of the documents in one world: puts in what stands for a placeholder, types the
// line in a shell, and keeps what later lines need.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListResult } from '@dispatch/contract'
import { rulesToScenario } from '@dispatch/model-simulator'
import { expect } from 'vitest'
import type { Typed } from '../../src/conformance/entry.ts'
import { openTerminal } from '../../src/terminal.ts'
import { type Answer, makeWorld, type World } from '../../src/world.ts'

/** A walk through the documents. */
export type Walk = AsyncDisposable & {
  readonly world: World
  /** The text with what its placeholders stand for. */
  filled(text: string): string
  /** The same of every text in a value. */
  filledIn<T>(value: T): T
  /** What a placeholder stands for from here on. */
  keep(placeholder: string, value: string): void
  /** Types a line where a reader of the documents stands. */
  type(line: string, env?: Typed['env']): Promise<Answer>
  /** The same, for what has to go well and answer in JSON. */
  ask<T>(line: string): Promise<T>
  /** The same in a terminal, with these keys at its question; gives the exit status. */
  confirm(line: string, keys: string): Promise<number>
  /** The same in the foreground, until it serves and Ctrl-C is pressed; gives the exit status. */
  serve(line: string, env?: Typed['env']): Promise<number | null>
  lanes(): Promise<ListResult['lanes']>
  /** The ref that was kept last. */
  lastRef(): string
  /** The name of a gate of the model that was not used before. */
  nextGate(): string
  /** Lets pass what waits at the last gate. */
  openGate(): void
}

// The example of the usage guide, word for word.
const configuration = `[defaults]
sandbox = "read-only"
approval_policy = "never"
prefix = "[\${DISPATCH.CWD.REPO}]"

[defaults.instructions]
developer_file = ".dispatch/instructions/default.md"

[presets.reviewer]
effort = "high"
developer_file = ".dispatch/instructions/reviewer.md"

[presets.builder]
sandbox = "workspace-write"
approval_policy = "on-request"
developer_file = ".dispatch/instructions/builder.md"

[presets.fast]
service_tier = "fast"
effort = "low"
`

const instructions = { default: 'Be brief.\n', reviewer: 'Be strict.\n', builder: 'Build.\n' }

const makeRepository = async (folder: string): Promise<void> => {
  const texts = join(folder, '.dispatch', 'instructions')
  await mkdir(join(folder, '.git'), { recursive: true })
  await writeFile(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n')
  await mkdir(texts, { recursive: true })
  await writeFile(join(folder, '.dispatch', 'config.toml'), configuration)
  for (const [name, text] of Object.entries(instructions)) {
    await writeFile(join(texts, `${name}.md`), text)
  }
}

// Codex goes on with an active goal until the model says that it is reached.
const reachGoals = rulesToScenario([
  {
    kind: 'goal',
    lines: ['tool: update_goal {"status": "complete"}', 'reply: The goal is reached.'],
  },
])

/** Begins a walk; `dispatch` has not run in it yet. */
export const makeWalk = async (): Promise<Walk> => {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(await makeWorld({ openai: true }))
  const repository = join(world.root, 'dispatch')
  await makeRepository(repository)
  const stands = new Map(Object.entries({ '/path/to/dispatch': repository }))
  for (const [placeholder, name] of [
    ['/path/to/project', 'project'],
    ['/tmp/dispatch-dev', 'dev'],
    ['/tmp/dispatch-other', 'other'],
    ['/tmp/dispatch-files', 'files'],
  ] as const) {
    stands.set(placeholder, join(world.root, name))
    if (name === 'project' || name === 'files') await mkdir(join(world.root, name), { mode: 0o700 })
  }
  world.model.setScenario(reachGoals)

  const filled: Walk['filled'] = (text) =>
    [...stands].reduce((whole, [placeholder, value]) => whole.replaceAll(placeholder, value), text)
  const filledIn = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
      typeof inner === 'string' ? filled(inner) : inner,
    ) as T
  const settingOf = (env: Typed['env'] = {}) => ({
    cwd: repository,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)])),
  })
  const type: Walk['type'] = (line, env) => world.bash(filled(line), settingOf(env))
  const confirm: Walk['confirm'] = async (line, keys) => {
    await using terminal = openTerminal(world.script(filled(line), settingOf()))
    await terminal.shows('[y/N]')
    terminal.type(keys)
    return await terminal.ended
  }
  const serve: Walk['serve'] = async (line, env) => {
    await using terminal = openTerminal(world.script(filled(line), settingOf(env)))
    await terminal.shows('daemon.ready')
    expect((await type('dispatch up', env)).json()).toMatchObject({ status: 'already_running' })
    terminal.type('\u0003')
    return await terminal.ended
  }
  const ask = async <T>(line: string): Promise<T> => (await type(line)).json() as T
  let lastRef = ''
  let gates = 0
  const owned = stack.move()
  return {
    world,
    filled,
    filledIn,
    type,
    ask,
    confirm,
    serve,
    keep: (placeholder, value) => {
      stands.set(placeholder, value)
      if (placeholder.includes('ref')) lastRef = value
    },
    lastRef: () => lastRef,
    nextGate: () => {
      gates += 1
      return `held-${gates}`
    },
    openGate: () => world.model.open(`held-${gates}`),
    lanes: async () => (await ask<ListResult>('dispatch list')).lanes,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
