// The lanes that are on the pictures: one of each state that a person meets, on the real Codex with a
// simulated model that does as these rules say.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { World } from '@dispatch/e2e'
import { rulesToScenario } from '@dispatch/model-simulator'

const scenario = rulesToScenario([
  {
    match: 'Which flag',
    lines: ['reply: The README does not mention --jobs. All other flags are there.'],
  },
  { match: 'Add it', lines: ['reply: Added --jobs below --quiet, with an example.'] },
  { match: 'Run the tests', lines: ['reply: I run all of them.', 'shell: ./check --all'] },
  { match: 'Release', lines: ['shell-escalated: git push origin release-2.4'] },
  {
    match: 'Rename',
    lines: ['type: 5ms Renaming clock.ts, and the two modules that import it.', 'gate: rename'],
  },
  { match: 'Translate', lines: ['fail: insufficient_quota'] },
  { match: 'Benchmark', lines: ['reply: First the parser.', 'gate: benchmark'] },
])

const asksFirst = ['--sandbox', 'read-only', '--approval-policy', 'on-request']

/** A project beside the home of the world, where the lanes work. */
const makeProject = async (world: World): Promise<string> => {
  const project = join(world.work, 'relay')
  await mkdir(project)
  await writeFile(join(project, 'check'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 })
  return project
}

/** Starts them; resolves when each is in its state. */
export const startLanes = async (world: World): Promise<void> => {
  const { dispatch, model } = world
  const cwd = await makeProject(world)
  model.setScenario(scenario)
  const start = (name: string, text: string, ...more: string[]) =>
    dispatch(['new', '--name', name, '--cwd', cwd, '--text', text, ...more])

  await start('translate', 'Translate the manual.', '--wait')
  await start('docs', 'Which flag is missing in the README?', '--wait')
  await dispatch(['send', '@docs', 'Add it.', '--wait'])
  await start('benchmark', 'Benchmark the parser and the router.')
  await model.waitForGate('benchmark')
  await dispatch(['send', '@benchmark', 'Then compare with last week.', '--queue'])
  await dispatch(['stop', '@benchmark'])
  await start('rename', 'Rename every module that is called after what it is not.')
  await model.waitForGate('rename')
  await dispatch(['send', '@rename', 'Then run the linter.', '--queue'])
  await using events = world.follow(['watch', '--follow', '--after', '0'])
  await start('tests', 'Run the tests and tell me what fails.')
  await events.line((line) => line.includes('commandExecution') && line.includes('check --all'))
  await start('release', 'Release 2.4.', ...asksFirst)
  await events.line((line) => line.includes('request.'))
  const daily = ['--when', 'cron', '--cron', '0 7 * * 1-5', '--action', 'send']
  const text = ['--text', 'What changed since yesterday?']
  await dispatch(['trigger', 'add', '--name', 'morning', '--lane', '@docs', ...daily, ...text])
}
